@echo off
rem Double click: sets up once, asks for the exports and the period, makes the report and opens it.
rem An export may also be dropped on this file. Words are without accents: a window may not have the letters yet.
rem The Python that has the program; `analysis new` fills it in, and another may be written here: "C:\...\python.exe".
setlocal EnableExtensions DisableDelayedExpansion
set "KNOWN="
set "PYTHONUTF8=1"
title Bao cao mot cua
rem pushd gives a folder of the network a letter of a drive.
pushd "%~dp0"
if errorlevel 1 goto no_folder

set "PYTHON=.venv\Scripts\python.exe"
call :has_program
if not errorlevel 1 goto run
if not defined KNOWN goto search
set "PYTHON=%KNOWN%"
call :has_program
if not errorlevel 1 goto run

:search
for %%E in ("%USERPROFILE%" "%LOCALAPPDATA%" "%ProgramData%") do for %%C in (miniconda3 anaconda3 miniforge3 mambaforge) do call :try_program "%%~E\%%C\envs\one-stop-analysis\python.exe"
if defined FOUND set "PYTHON=%FOUND%"
if defined FOUND goto run

rem Which Python can make an environment: the launcher, the path, then the usual folders.
for %%V in (3.13 3.12 3.11 3.14) do call :try_launcher %%V
call :try_python "python.exe"
if defined CONDA_PREFIX call :try_python "%CONDA_PREFIX%\python.exe"
for %%V in (313 312 311 314) do for %%E in ("%LOCALAPPDATA%\Programs\Python" "%ProgramFiles%" "C:") do call :try_python "%%~E\Python%%V\python.exe"
for %%E in ("%USERPROFILE%" "%LOCALAPPDATA%" "%ProgramData%") do for %%C in (miniconda3 anaconda3 miniforge3 mambaforge) do call :try_python "%%~E\%%C\python.exe"
if not defined BASE goto no_python

if exist wheels\ goto set_up
if exist pyproject.toml goto set_up
goto no_program

:set_up
echo Dang cai dat lan dau, mat vai phut ... / Setting up once, a few minutes ...
"%BASE%" -m venv --clear .venv
if errorlevel 1 goto no_venv
set "PYTHON=.venv\Scripts\python.exe"
if not exist wheels\ goto from_lock
"%PYTHON%" -m pip install --quiet --disable-pip-version-check --no-index --find-links wheels "one-stop-analysis[lab,notify,word]"
if not errorlevel 1 goto run
rem The wheels of the extras may have been left out.
"%PYTHON%" -m pip install --quiet --disable-pip-version-check --no-index --find-links wheels one-stop-analysis
if errorlevel 1 goto no_install
goto run

:from_lock
"%PYTHON%" -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements.lock
if errorlevel 1 goto no_install
"%PYTHON%" -m pip install --quiet --disable-pip-version-check --no-build-isolation --no-deps -e .
if errorlevel 1 goto no_install

:run
"%PYTHON%" -m analysis start %*
set "CODE=%ERRORLEVEL%"
if "%CODE%"=="0" goto end
echo.
echo Chua xong het (ma %CODE%): xem cac dong phia tren. / Not all was done (code %CODE%): see the lines above.
goto wait

:no_folder
echo Khong mo duoc thu muc cua tep nay. Hay chep ca thu muc vao o dia cua may roi thu lai.
echo The folder of this file cannot be opened. Copy it to a disk of this machine and try again.
set "CODE=5"
goto wait

:no_python
echo Khong tim thay Python 3.11 den 3.14. Hay cai Python tu python.org (chon "Add python.exe to PATH") hoac Miniforge, roi nhay dup lai.
echo No Python 3.11 to 3.14 was found. Install it from python.org (with "Add python.exe to PATH") or Miniforge, and double-click again.
set "CODE=5"
goto wait

:no_program
echo Canh tep nay khong co thu muc wheels, cung khong co chuong trinh. Hay chep thu muc wheels vao day, roi nhay dup lai.
echo Neither a folder wheels nor the program lies beside this file. Copy the folder wheels to this place and double-click again.
set "CODE=5"
goto wait

:no_venv
echo Khong tao duoc thu muc .venv o day: het dung luong, hoac khong co quyen ghi.
echo The folder .venv cannot be made here: the disk is full, or you may not write here.
set "CODE=5"
goto wait

:no_install
echo Khong cai duoc chuong trinh; ly do o cac dong phia tren. Khong co mang thi can thu muc wheels canh tep nay.
echo The program could not be installed, for the reason above. Without a network the folder wheels must lie beside this file.
rd /s /q .venv
if errorlevel 1 echo .venv
set "CODE=5"

:wait
echo.
pause

:end
popd
exit /b %CODE%

:has_program
if not exist "%PYTHON%" exit /b 1
"%PYTHON%" -m analysis --version >nul 2>nul
exit /b %ERRORLEVEL%

:try_program
if defined FOUND exit /b 0
set "PYTHON=%~1"
call :has_program
if not errorlevel 1 set "FOUND=%~1"
exit /b 0

:try_launcher
if defined BASE exit /b 0
for /f "delims=" %%P in ('py -%1 -c "import sys; print(sys.executable)" 2^>nul') do call :try_python "%%P"
exit /b 0

:try_python
if defined BASE exit /b 0
"%~1" -c "import sys, venv; sys.exit(not (3, 11) <= sys.version_info[:2] <= (3, 14))" >nul 2>nul
if not errorlevel 1 set "BASE=%~1"
exit /b 0
