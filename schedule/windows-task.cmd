@echo off
rem The reports, once; windows-task.xml runs this every night.
rem Change this line: the command, in the environment that conda made.
set "ANALYSIS=%USERPROFILE%\miniconda3\envs\one-stop-analysis\Scripts\analysis.exe"
cd /d "%~dp0.."
if not exist reports\logs mkdir reports\logs
"%ANALYSIS%" report --all --units --trends --scheduled --quiet 2>> reports\logs\complaints.txt
set CODE=%ERRORLEVEL%
if not %CODE%==0 "%ANALYSIS%" notify --stopped 2>> reports\logs\complaints.txt
exit /b %CODE%
