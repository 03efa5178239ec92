"""Errors that a person can act on.

Every message is a sentence for the person at the screen: which file, what is
wrong, what to do. The traceback goes to the log, never to the screen.
"""


class RestorerError(Exception):
    """Base of all expected failures; `str(error)` is the sentence to show."""


class PhotoError(RestorerError):
    """A photo cannot be read, is too large, or cannot be written."""


class PackError(RestorerError):
    """A model pack is missing, damaged or does not fit its network."""


class RequestError(RestorerError):
    """A request asks for something that no chain or device here can do."""


class ResultError(RestorerError):
    """The network returned NaN or a constant picture; the result is not kept."""


class JournalError(RestorerError):
    """The journal of a folder job cannot be opened or written."""


class SettingsError(RestorerError):
    """The settings file cannot be read."""


class LauncherError(RestorerError):
    """Restorer cannot be put into the applications menu, or be taken out of it."""
