"""What can go wrong in a call."""


class Refused(Exception):
    """An error answer that is one of Google's."""

    def __init__(self, status, message, body):
        super().__init__(f"{status}: {message}")
        self.status, self.message, self.body = status, message, body


class Fault(Exception):
    """Something that no client expects."""
