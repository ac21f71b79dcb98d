"""Submission: landlords in England send the department their social housing lettings and sales."""
