"""Those who act for the state, as Mesa agents: departments, municipalities, forums, hubs."""
