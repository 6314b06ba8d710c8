"""Killable worker processes with a deadline; knows neither RDF nor mathematics.

The caller's process talks to a *zygote*: one process with one thread and all data loaded, which forks workers and
buries them. A request is given to a worker over a socket; at its deadline, or when nobody wants the answer any
more, the worker is killed and another one forked. A process boundary is the only thing that stops code which never
looks up, and forking a process that has threads is not sound, hence the zygote.
"""
