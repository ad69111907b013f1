"""The steps of the way of a figure, as plain functions on plain values.

In the order of the way: ``gather``, ``validate``, ``reconcile`` and ``wording``, ``decisions``, ``register``,
``disclosure``, ``assemble``, ``quality``; ``books`` puts those from figures to what may be shown in their order, and
``run`` all of them, a result in the store for each. ``returns`` is what goes out before anything comes in. Prefect is
known only to ``tasks.steps``, the object store's client only to ``tasks.store``.
"""
