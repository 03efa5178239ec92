"""Windows: shortcuts in the Start menu and on the desktop, made by PowerShell.

The shell's own COM objects write them, since they alone know the format and the folders (a desktop may be in
OneDrive). WScript.Shell knows nothing of the AppUserModelID that groups windows on the task bar, so that is
set afterwards through the shortcut's property store. `install_script` and `uninstall_script` are pure.
"""

from __future__ import annotations

import base64
import subprocess
from collections.abc import Sequence
from pathlib import Path

from restorer import paths
from restorer.errors import LauncherError
from restorer.launcher import command
from restorer.launcher.names import APP_NAME, COMMENT, USER_MODEL_ID

SHORTCUT = f"{APP_NAME}.lnk"
_SECONDS = 60

# PKEY_AppUserModel_ID is {9F4C2855-…}, 5; 31 is VT_LPWSTR; 2 is GPS_READWRITE.
_PROPERTY_STORE = """\
using System;
using System.Runtime.InteropServices;
public static class ShortcutId {
    [StructLayout(LayoutKind.Sequential, Pack = 4)]
    struct Key { public Guid Format; public uint Id; }
    [StructLayout(LayoutKind.Explicit, Size = 24)]
    struct Variant { [FieldOffset(0)] public ushort Kind; [FieldOffset(8)] public IntPtr Text; }
    [ComImport, Guid("886D8EEB-8CF2-4446-8D02-CDBA1DBDCF99"),
     InterfaceType(ComInterfaceType.InterfaceIsIUnknown)]
    interface IPropertyStore {
        void GetCount(out uint count);
        void GetAt(uint index, out Key key);
        void GetValue(ref Key key, out Variant value);
        void SetValue(ref Key key, ref Variant value);
        void Commit();
    }
    [DllImport("shell32.dll", CharSet = CharSet.Unicode, PreserveSig = false)]
    static extern void SHGetPropertyStoreFromParsingName(string path, IntPtr context, int flags,
        ref Guid kind, [MarshalAs(UnmanagedType.Interface)] out IPropertyStore store);
    public static void Set(string path, string id) {
        Guid kind = typeof(IPropertyStore).GUID;
        IPropertyStore store;
        SHGetPropertyStoreFromParsingName(path, IntPtr.Zero, 2, ref kind, out store);
        Key key = new Key { Format = new Guid("9F4C2855-9F79-4B39-A8D0-E1D42DE1D5F3"), Id = 5 };
        Variant value = new Variant { Kind = 31, Text = Marshal.StringToCoTaskMemUni(id) };
        try { store.SetValue(ref key, ref value); store.Commit(); }
        finally { Marshal.FreeCoTaskMem(value.Text); Marshal.ReleaseComObject(store); }
    }
}"""


def _literal(text: str) -> str:
    """A PowerShell string in which nothing is special; curly quotes end one there, too."""
    for quote in "'\u2018\u2019\u201a\u201b":
        text = text.replace(quote, quote * 2)
    return f"'{text}'"


def _folders(desktop: bool) -> str:
    return "@('Programs', 'Desktop')" if desktop else "@('Programs')"


def install_script(window: Sequence[str], icon: Path, desktop: bool) -> str:
    """PowerShell that writes the shortcuts to `window` and prints where they are."""
    return f"""$ErrorActionPreference = 'Stop'
[Console]::OutputEncoding = [Text.Encoding]::UTF8
Add-Type -TypeDefinition @'
{_PROPERTY_STORE}
'@
$shell = New-Object -ComObject WScript.Shell
foreach ($name in {_folders(desktop)}) {{
    $path = Join-Path ([Environment]::GetFolderPath($name)) {_literal(SHORTCUT)}
    $link = $shell.CreateShortcut($path)
    $link.TargetPath = {_literal(window[0])}
    $link.Arguments = {_literal(subprocess.list2cmdline(window[1:]))}
    $link.WorkingDirectory = [Environment]::GetFolderPath('MyPictures')
    $link.Description = {_literal(COMMENT)}
    $link.IconLocation = {_literal(f"{icon},0")}
    $link.Save()
    [ShortcutId]::Set($path, {_literal(USER_MODEL_ID)})
    Write-Output $path
}}
"""


def uninstall_script() -> str:
    """PowerShell that deletes the shortcuts which are there and prints where they were."""
    return f"""$ErrorActionPreference = 'Stop'
[Console]::OutputEncoding = [Text.Encoding]::UTF8
foreach ($name in {_folders(True)}) {{
    $path = Join-Path ([Environment]::GetFolderPath($name)) {_literal(SHORTCUT)}
    if (Test-Path -LiteralPath $path) {{
        Remove-Item -LiteralPath $path
        Write-Output $path
    }}
}}
"""


def encoded(script: str) -> str:
    """A script as -EncodedCommand takes it: UTF-16, little endian, in base 64."""
    return base64.b64encode(script.encode("utf-16-le")).decode("ascii")


def _run(script: str) -> list[Path]:
    arguments = ["powershell", "-NoProfile", "-NonInteractive", "-EncodedCommand", encoded(script)]
    flags = getattr(subprocess, "CREATE_NO_WINDOW", 0)
    try:
        run = subprocess.run(
            arguments, capture_output=True, encoding="utf-8", errors="replace", timeout=_SECONDS,
            creationflags=flags, check=False,
        )  # fmt: skip
    except (OSError, subprocess.TimeoutExpired) as error:
        raise LauncherError(f"PowerShell, which makes the shortcuts, could not be run: {error}.") from error
    if run.returncode != 0:
        reason = run.stderr.strip().splitlines() or ["it gave no reason"]
        raise LauncherError(f"PowerShell could not change the shortcuts: {reason[0]}.")
    return [Path(line) for line in run.stdout.splitlines() if line.strip()]


def install(desktop: bool = False) -> list[Path]:
    """Write the shortcuts. Raises LauncherError where PowerShell fails."""
    icon = paths.resources_dir() / "icons" / "app" / "restorer.ico"
    return _run(install_script(command.window_command(), icon, desktop))


def uninstall() -> list[Path]:
    """Delete the shortcuts. Raises LauncherError where PowerShell fails."""
    return _run(uninstall_script())


def installed() -> bool:
    """Whether the Start menu of this person has the shortcut."""
    return (paths.data_root() / "Microsoft" / "Windows" / "Start Menu" / "Programs" / SHORTCUT).is_file()
