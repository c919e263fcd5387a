"""Prints what the webserver pushes about a run, one JSON line for each event.

usage: subscribe.py WEBSERVER_PORT RUN_ID
"""
import json
import sys

from websockets.sync.client import connect

port, run = sys.argv[1:]
QUERY = """subscription ($run: ID!) { pipelineRunLogs(runId: $run, cursor: null) { ... on PipelineRunLogsSubscriptionSuccess {
  messages { __typename ... on MessageEvent { message } ... on ObservationEvent { metadataEntries { label ... on IntMetadataEntry { intValue } } } } } } }"""
LAST = {"RunSuccessEvent", "RunFailureEvent", "RunCanceledEvent"}

with connect(f"ws://127.0.0.1:{port}/graphql", subprotocols=["graphql-ws"]) as socket:
    socket.send(json.dumps({"type": "connection_init"}))
    socket.send(json.dumps({"type": "start", "id": "1", "payload": {"query": QUERY, "variables": {"run": run}}}))
    done = False
    while not done:
        message = json.loads(socket.recv(timeout=90))
        if message["type"] == "error":
            sys.exit(json.dumps(message))
        if message["type"] != "data":
            continue
        logs = message["payload"]["data"]["pipelineRunLogs"]
        for event in logs["messages"]:
            number = next((entry.get("intValue") for entry in event.get("metadataEntries", [])), None)
            print(json.dumps({"type": event["__typename"], "number": number}), flush=True)
            done = done or event["__typename"] in LAST
