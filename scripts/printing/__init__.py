"""What the report makers share: figures as gold wants them, and the programs that print pages."""
