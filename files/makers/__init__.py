"""What makes previews: started as a process of its own, one for each file, with limits.

Files are made by strangers, and the libraries that read them are large. So nothing here knows
the database, the store or the settings: a job comes in on stdin, made files are left in a
folder, and what was made is told on stdout, a line of JSON for each (see `out`).
"""
