"""Where people are served: the catalogue of procedures, the service points, their desks and queues."""
