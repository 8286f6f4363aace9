"""Tasks for the processes of this machine or of a cluster."""
