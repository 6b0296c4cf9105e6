"""The reports, every night, by Airflow 3: copy this file into the folder of the DAGs.

The command's exit code is the state of the task: 0 is success, 99 (every report was up to date) is skipped, anything else failed. The
command sends its own notices, so the DAG has none. A failed run is not tried again: exports that are wrong stay wrong until morning.
"""

from datetime import timedelta

import pendulum
from airflow.providers.standard.operators.bash import BashOperator
from airflow.sdk import DAG

ONE_STOP = "/srv/one-stop"
"""Change this line: the folder of the program, with its .venv, data and reports."""

NOTHING_TO_DO = 99

with DAG(
    dag_id="one_stop_reports",
    description="Reports of the one-stop desk",
    schedule="30 1 * * *",
    start_date=pendulum.datetime(2026, 1, 1, tz="Asia/Ho_Chi_Minh"),
    catchup=False,
    max_active_runs=1,
):
    BashOperator(
        task_id="report",
        bash_command=f"exec .venv/bin/analysis report --all --units --trends --scheduled --quiet --nothing-to-do {NOTHING_TO_DO}",
        cwd=ONE_STOP,
        append_env=True,
        skip_on_exit_code=NOTHING_TO_DO,
        execution_timeout=timedelta(hours=4),
        do_xcom_push=False,
        retries=0,
    )
