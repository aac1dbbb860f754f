"""How much of names and addresses the redactor finds, and what else it takes for one."""
