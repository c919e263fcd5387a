"""An S3 server that checks signatures, and Dagster's own reader of what lies there.

usage: peer.py HOME

Writes HOME/dagster.yaml and HOME/planned.json, waits for a line, and then prints as JSON what Dagster's compute log
manager finds for the runs.
"""
import json
import os
import sys
import threading
from pathlib import Path

home = Path(sys.argv[1])
# What comes before the bucket is there needs no signature: a user, a key, a policy, the bucket.
os.environ["INITIAL_NO_AUTH_ACTION_COUNT"] = "4"
# The reader in this process signs like anybody else.
os.environ["AWS_DEFAULT_REGION"] = "us-east-1"

import boto3
from moto.server import ThreadedMotoServer

BUCKET = "captured-output"
POLICY = {"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "*", "Resource": "*"}]}


def serve():
    server = ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
    server.start()
    host, port = server.get_host_and_port()
    url = f"http://{host}:{port}"
    anyone = {"endpoint_url": url, "aws_access_key_id": "nobody", "aws_secret_access_key": "nothing"}
    iam = boto3.client("iam", **anyone)
    iam.create_user(UserName="worker")
    key = iam.create_access_key(UserName="worker")["AccessKey"]
    iam.put_user_policy(UserName="worker", PolicyName="all", PolicyDocument=json.dumps(POLICY))
    boto3.client("s3", **anyone).create_bucket(Bucket=BUCKET)
    os.environ["AWS_ACCESS_KEY_ID"] = key["AccessKeyId"]
    os.environ["AWS_SECRET_ACCESS_KEY"] = key["SecretAccessKey"]
    return url


def configure(url):
    config = {
        "compute_logs": {
            "module": "dagster_aws.s3.compute_log_manager",
            "class": "S3ComputeLogManager",
            "config": {"bucket": BUCKET, "prefix": "some/where", "endpoint_url": url, "use_ssl": False, "local_dir": str(home / "captured"),
                       "upload_interval": 1, "upload_extra_args": {"ServerSideEncryption": "AES256"}},
        },
        "telemetry": {"enabled": False},
    }
    # JSON is YAML.
    (home / "dagster.yaml").write_text(json.dumps(config))


def found(instance, run):
    """Every capture of a run, by the keys of its steps."""
    from dagster._core.events import DagsterEventType

    logs = {}
    for entry in instance.all_logs(run, of_type=DagsterEventType.LOGS_CAPTURED):
        data = entry.dagster_event.logs_captured_data
        key = [run, "compute_logs", data.file_key]
        manager = instance.compute_log_manager
        left = [str(path) for path in Path(home, "captured").rglob(f"*{data.file_key}*")]
        captured = manager.get_log_data(key)
        logs[",".join(data.step_keys)] = {"stdout": (captured.stdout or b"").decode(), "stderr": (captured.stderr or b"").decode(), "complete": manager.is_capture_complete(key), "left": left}
    return logs


def main():
    url = serve()
    configure(url)
    sys.path.insert(0, str(Path(__file__).parent.parent / "worker"))
    import peer

    planned = peer.prepare(str(home), [("captured", ["raw", "mart/sales"], [], {}), ("refused", ["raw"], [], {})])
    planned["credentials"] = {name: os.environ[name] for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY")}
    (home / "planned.json").write_text(json.dumps(planned))
    print("ready", flush=True)
    sys.stdin.readline()
    from dagster import DagsterInstance

    with DagsterInstance.from_config(str(home)) as instance:
        answer = {each["name"]: {"logs": found(instance, each["runId"]), "status": instance.get_run_by_id(each["runId"]).status.value,
                                 "events": [e.user_message for e in instance.all_logs(each["runId"])]} for each in planned["runs"]}
        s3 = boto3.client("s3", endpoint_url=url)
        answer["encryption"] = sorted({s3.head_object(Bucket=BUCKET, Key=item["Key"]).get("ServerSideEncryption", "none") for item in s3.list_objects_v2(Bucket=BUCKET)["Contents"]})
    print(json.dumps(answer), flush=True)
    os._exit(0)


if __name__ == "__main__":
    main()
