@echo off
rem Runs the ops client from a clone. Builds it on first use and when its sources are newer; after that it starts at once.
setlocal
set "root=%~dp0"
set "program=%root%artifacts\bin\Evergrain.Cli\release\evergrain.dll"
set "built=%root%artifacts\evergrain.built"
set "log=%root%artifacts\evergrain.log"

where dotnet >nul 2>nul
if errorlevel 1 (
  echo evergrain: there is no dotnet here; install the .NET 10 SDK: https://dotnet.microsoft.com/download 1>&2
  exit /b 127
)

if not exist "%program%" goto build
if not exist "%built%" goto build
powershell -NoProfile -Command "$built = (Get-Item -LiteralPath $env:built).LastWriteTimeUtc; $newer = Get-ChildItem -Path ($env:root + 'client'), ($env:root + 'interfaces'), ($env:root + 'Directory.*.props') -Recurse -Include *.cs, *.csproj, *.props, *.targets | Where-Object { $_.LastWriteTimeUtc -gt $built } | Select-Object -First 1; if ($newer) { exit 1 }"
if errorlevel 1 goto build
goto run

:build
if not exist "%root%artifacts" mkdir "%root%artifacts"
echo evergrain: building the ops client, once... 1>&2
type nul > "%built%.new"
dotnet build "%root%client\Cli\Evergrain.Cli.csproj" -c Release -v quiet -nologo > "%log%" 2>&1
if errorlevel 1 (
  type "%log%" 1>&2
  echo evergrain: the ops client does not build; the output is above and in %log% 1>&2
  exit /b 70
)
move /y "%built%.new" "%built%" >nul

:run
rem What it tells to type names it the way it was started.
set EVERGRAIN_COMMAND=%0
dotnet "%program%" %*
exit /b %errorlevel%
