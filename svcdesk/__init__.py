"""svcdesk (售后服务台): the core of the desk, without a window."""

__version__ = "0.5.0"
