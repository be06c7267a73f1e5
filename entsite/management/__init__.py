"""Commands about running the site; those of the domain are in exchanges."""
