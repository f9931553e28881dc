"""What we look at: each file is one family of metrics, which observes the world and touches nothing."""
