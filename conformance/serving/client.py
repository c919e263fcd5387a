"""Asks a code server over the transport that is named and prints one word for each answer.

    client.py socket PATH | port PORT | tls PORT
"""
import sys

from dagster._grpc.client import DagsterGrpcClient

kind, place = sys.argv[1:3]
if kind == "socket":
    client = DagsterGrpcClient(socket=place)
else:
    client = DagsterGrpcClient(host="localhost", port=int(place), use_ssl=kind == "tls")
print(client.ping("pong")["echo"])
print("list" if "ListRepositoriesResponse" in client.list_repositories() else "no list")
print(client.health_check_query())
