"""The steps of the way of a figure, as plain functions on plain values.

``ls`` reads as the pipeline: gather, validate, reconcile, register, assemble, review, publish. Prefect is known only to
``tasks.steps``, the object store's client only to ``tasks.store``.
"""
