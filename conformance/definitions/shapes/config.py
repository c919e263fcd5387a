import dagster as dg


def config():
    @dg.asset(
        config_schema={
            "n": dg.Field(int, default_value=3, description="how many"),
            "s": dg.Field(str, is_required=False),
            "f": dg.Field(float, default_value=1.5),
            "b": dg.Field(bool, default_value=True),
            "e": dg.Enum("colour", [dg.EnumValue("RED"), dg.EnumValue("BLUE")]),
            "l": dg.Field([int], default_value=[1]),
            "m": dg.Map(str, int),
            "q": dg.Noneable(str),
            "o": {"x": dg.Field(int, default_value=1), "y": dg.Field(str, default_value="é")},
            "sel": dg.Selector({"a": {"k": int}, "bb": {"v": dg.Field(str, is_required=False)}}),
            "p": dg.Permissive({"z": int}),
            "any": dg.Any,
        }
    )
    def demanding(): ...

    @dg.asset(config_schema={"n": dg.Field(int, default_value=3), "deep": {"a": int, "b": dg.Field(int, default_value=2)}})
    def partly(): ...

    @dg.asset(config_schema={"n": dg.Field(int, default_value=3)})
    def easy(): ...

    @dg.asset
    def plain(): ...

    given = dg.define_asset_job(
        "given", selection=[partly, easy], config={"ops": {"partly": {"config": {"deep": {"a": 7}}}}}
    )
    return dg.Definitions(assets=[demanding, partly, easy, plain], jobs=[given])


def resources():
    @dg.resource(
        config_schema={
            "host": dg.Field(str, default_value="localhost"),
            "port": dg.Field(int, description="where it listens"),
            "token": dg.Field(dg.StringSource, default_value={"env": "TOKEN"}),
        },
        description="rows",
    )
    def database(_): ...

    @dg.resource(required_resource_keys={"database"}, config_schema={"folder": dg.Field(str, default_value="/tmp")})
    def store(_): ...

    @dg.resource
    def plain(_): ...

    @dg.asset(required_resource_keys={"store"})
    def stored(): ...

    @dg.asset(required_resource_keys={"plain"}, config_schema={"n": dg.Field(int, default_value=3)})
    def light(): ...

    @dg.config_mapping(config_schema={"day": str, "limit": dg.Field(int, default_value=7)})
    def short(value):
        return {"ops": {"light": {"config": {"n": value["limit"]}}}}

    @dg.sensor(required_resource_keys={"plain"})
    def looking(_): ...

    @dg.schedule(cron_schedule="@daily", target=[light], execution_timezone="UTC", required_resource_keys={"plain"})
    def timed(_): ...

    return dg.Definitions(
        assets=[stored, light],
        resources={"database": database, "store": store, "plain": plain},
        jobs=[
            dg.define_asset_job("mapped", [light], config=short),
            dg.define_asset_job("easy", [light], config={"ops": {"light": {"config": {"n": 4}}}}),
            dg.define_asset_job("needy", [stored, light]),
        ],
        sensors=[looking],
        schedules=[timed],
        metadata={"seen": dg.MetadataValue.code_location_reconstruction("v1")},
    )
