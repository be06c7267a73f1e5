"""What happens to a file from the moment it is handed in: one module per road."""
