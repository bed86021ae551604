"""Plans as YAML text, for people to read, compare and commit."""

from __future__ import annotations

from typing import Any

from shunter.engine.plan.model import Plan
from shunter.engine.plan.yaml_data import NUMBER_WITH_EXPONENT


def plan_text(plan: Plan) -> str:
    """`plan` as YAML that `read_plan` gives back; what is at its default is left out."""
    import yaml

    return yaml.dump(
        plan_data(plan),
        Dumper=_dumper(),
        sort_keys=False,
        allow_unicode=True,
        width=110,
        default_flow_style=None,
    )


def plan_data(plan: Plan) -> dict[str, Any]:
    """`plan` as JSON data."""
    data: dict[str, Any] = plan.model_dump(mode="json", by_alias=True, exclude_defaults=True)
    return {"version": plan.version, **{name: value for name, value in data.items() if name != "version"}}


def _dumper() -> Any:
    import yaml

    base: Any = getattr(yaml, "CSafeDumper", yaml.SafeDumper)

    class Dumper(base):  # type: ignore[misc]
        """Writes everything out: no anchors."""

        def ignore_aliases(self, data: Any) -> bool:
            return True

    Dumper.add_implicit_resolver("tag:yaml.org,2002:float", NUMBER_WITH_EXPONENT, list("-0123456789"))
    return Dumper
