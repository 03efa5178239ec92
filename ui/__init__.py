"""The face of Restorer: PySide6 widgets. Imports `restorer`; never the other way round."""
