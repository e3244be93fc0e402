"""councilscope reads the performance reports that UK councils publish."""
