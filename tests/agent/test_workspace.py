"""shunter from Python."""

from __future__ import annotations

from pathlib import Path

import pytest

import shunter.agent
from shunter.agent import Workspace
from shunter.agent.approval import Allowed
from shunter.agent.errors import Refused
from shunter.engine.errors import InputError, PlanRefused, UsageError
from shunter.engine.executors.scripted import Answer, ScriptedCall, ScriptedExecutor
from shunter.engine.plan.model import Requires
from shunter.engine.plan.read import read_plan
from shunter.engine.run.events import RunFinished, RunStarted
from shunter.engine.run.history import find_run
from shunter.engine.run.outcome import Outcome, Status
from shunter.engine.store.local import LocalStore
from shunter.tools.errors import UnknownFunction

PLAN = """\
version: 1
goal: Shout it
inputs:
  words: {type: "list[str]"}
  notes: {type: "File[text/*]"}
  times: {type: int, default: 2}
steps:
  - {id: loud, call: toy.shout, each: {text: {from: words}}}
  - {id: file, call: toy.upper, with: {file: {from: notes}}}
outputs: {loud: {from: loud}, file: {from: file}, times: {from: times}}
"""


@pytest.fixture
def plan(tmp_path: Path) -> Path:
    (tmp_path / "plan.yaml").write_text(PLAN)
    (tmp_path / "notes.txt").write_text("notes\n")
    return tmp_path / "plan.yaml"


def test_the_public_names_are_these() -> None:
    assert shunter.agent.__all__ == ["Run", "Secret", "Workspace"]
    assert all(hasattr(shunter.agent, name) for name in shunter.agent.__all__)


def test_a_plan_is_loaded_run_and_saved(workspace: Workspace, plan: Path, tmp_path: Path) -> None:
    ready = workspace.load(plan)
    inputs = workspace.inputs(ready, words=["a", "b"], notes=tmp_path / "notes.txt")
    run = workspace.run(ready, inputs)
    assert run.report.status is Status.DONE
    assert [step.outcome for step in run.report.steps] == [Outcome.EXECUTED, Outcome.EXECUTED]
    assert run.save(tmp_path / "out") == {
        "loud": tmp_path / "out/loud.json",
        "file": tmp_path / "out/file.txt",
        "times": tmp_path / "out/times.json",
    }
    assert (tmp_path / "out/loud.json").read_text() == '[\n  "A",\n  "B"\n]\n'
    assert (tmp_path / "out/file.txt").read_text() == "NOTES\n"
    assert find_run(workspace.runs, run.id).status() == "done"


def test_an_empty_list_can_be_given(workspace: Workspace, plan: Path, tmp_path: Path) -> None:
    ready = workspace.load(plan)
    assert workspace.inputs(ready, words=[], notes=tmp_path / "notes.txt")["words"] == ()


def test_records_numbers_and_nothing_can_be_given(workspace: Workspace) -> None:
    ready = workspace.call("toy.everything")
    given = {"name": "n", "size": 4}
    inputs = workspace.inputs(ready, text="x", record=given, number=7, ratio=1, flag=True, maybe=None)
    assert (inputs["record"], inputs["number"], inputs["ratio"], inputs["flag"], inputs["maybe"]) == (
        given,
        7,
        1.0,
        True,
        None,
    )
    assert workspace.inputs(ready, text="x", json=[1, {"a": None}])["json"] == (1, {"a": None})


def test_text_is_taken_as_it_is(workspace: Workspace) -> None:
    ready = workspace.call("toy.everything")
    for text in ("[1]", "@file", "", "3", "null", "two\nlines"):
        assert workspace.inputs(ready, text=text)["text"] == text


def test_inputs_of_a_wrong_type_are_refused(workspace: Workspace, plan: Path, tmp_path: Path) -> None:
    ready = workspace.load(plan)
    with pytest.raises(InputError, match="times: expected int, got str 'x'"):
        workspace.inputs(ready, words=["a"], notes=tmp_path / "notes.txt", times="x")
    with pytest.raises(UsageError, match="notes is missing: give notes="):
        workspace.inputs(ready, words=["a"])


def test_a_plan_that_was_made_in_python_is_checked_the_same_way(workspace: Workspace) -> None:
    plan, _ = read_plan(PLAN.replace("toy.shout", "toy.shuot"))
    with pytest.raises(PlanRefused, match="the plan has 1 problem; nothing was started"):
        workspace.check(plan)


def test_one_function_is_called(workspace: Workspace) -> None:
    ready = workspace.call("toy.shout")
    run = workspace.run(ready, workspace.inputs(ready, text="hi"))
    assert run.report.outputs == {"result": "HI"}
    with pytest.raises(UnknownFunction, match="there is no function 'toy.shuot'"):
        workspace.call("toy.shuot")


def test_a_step_that_fails_is_in_the_report_and_no_exception(workspace: Workspace, tmp_path: Path) -> None:
    ready = workspace.call("toy.fail")
    run = workspace.run(ready, workspace.inputs(ready))
    assert run.report.status is Status.FAILED
    (call,) = run.report.steps[0].failures
    assert call.failure is not None
    assert call.failure.exit_code == 3


def test_an_observer_sees_the_run(workspace: Workspace) -> None:
    class Kinds(list[str]):
        def notify(self, event: object) -> None:
            self.append(type(event).__name__)

    seen = Kinds()
    ready = workspace.call("toy.shout")
    workspace.run(ready, workspace.inputs(ready, text="hi"), observer=seen)
    assert (seen[0], seen[-1]) == (RunStarted.__name__, RunFinished.__name__)
    assert "CallStarted" in seen


def test_a_plan_with_effects_is_refused_unless_all_of_them_are_allowed(workspace: Workspace) -> None:
    ready = workspace.call("toy.send")
    inputs = workspace.inputs(ready, text="hi")
    for allowed in (None, Allowed(), Allowed(Requires(effects=("deploy",)))):
        with pytest.raises(Refused) as refused:
            workspace.run(ready, inputs, allowed=allowed)
        assert refused.value.requires.effects == ("mail",)
    assert not workspace.runs.exists()
    run = workspace.run(ready, inputs, allowed=Allowed(Requires(effects=("mail",))))
    assert run.report.outputs == {"result": "hi"}


def test_the_network_is_refused_unless_it_is_allowed(workspace: Workspace) -> None:
    ready = workspace.call("toy.fetch")
    with pytest.raises(Refused, match="example.org"):
        workspace.run(ready, {})
    assert not workspace.runs.exists()


def test_a_plan_that_says_which_hosts_it_reaches_reaches_no_other(
    workspace: Workspace, tmp_path: Path
) -> None:
    (tmp_path / "page.yaml").write_text(
        "version: 1\ninputs: {link: {type: str}}\nsteps:\n"
        "  - {id: page, call: toy.get, with: {url: {from: link}}}\n"
        "outputs: {page: {from: page}}\nrequires: {hosts: ['*.a.org']}\n"
    )
    ready = workspace.load(tmp_path / "page.yaml")
    with pytest.raises(Refused) as lacking:
        workspace.run(ready, {"link": "https://b.a.org/"})
    assert lacking.value.requires == Requires(hosts=("b.a.org",))
    with pytest.raises(PlanRefused) as refused:
        workspace.run(ready, {"link": "https://b.org/"}, allowed=Allowed(everything=True))
    assert [str(problem) for problem in refused.value.problems] == [
        "requires.hosts: with these inputs the plan's functions need hosts that it doesn't name: b.org"
    ]
    assert not workspace.runs.exists()
    run = workspace.run(ready, {"link": "https://b.a.org/"}, allowed=Allowed(Requires(hosts=("b.a.org",))))
    assert run.report.outputs == {"page": "https://b.a.org/"}


def test_an_input_that_should_name_a_host_and_does_not_is_an_input_error(workspace: Workspace) -> None:
    ready = workspace.call("toy.get")
    with pytest.raises(InputError, match="^an input that names a host: url: expected a URL such as "):
        workspace.run(ready, {"url": "ftp://a.org"}, allowed=Allowed(everything=True))


def test_the_plan_that_ran_has_the_digests_of_its_modules(
    workspace: Workspace, plan: Path, toys: Path, tmp_path: Path
) -> None:
    ready = workspace.load(plan)
    run = workspace.run(ready, workspace.inputs(ready, words=["a"], notes=tmp_path / "notes.txt"))
    assert list(run.plan.modules) == ["toy"]
    assert run.plan.modules["toy"].version == "0.1.0"
    run.save(tmp_path / "out")
    assert workspace.load(tmp_path / "out/plan.yaml").notices == ()
    (toys / "toy.py").write_text((toys / "toy.py").read_text() + "\n")
    with Workspace(modules=[toys]) as later:
        assert later.load(tmp_path / "out/plan.yaml").notices == (
            "the module toy has changed since this plan was written",
        )


def test_another_executor_can_be_given(home: Path, toys: Path) -> None:
    def play(call: ScriptedCall) -> Answer:
        return Answer(stdout=b"played\n")

    with LocalStore(home) as store:
        executor = ScriptedExecutor(store, {"toy.shout": play})
        with Workspace(home=home, modules=[toys], executor=executor) as workspace:
            ready = workspace.call("toy.shout")
            run = workspace.run(ready, workspace.inputs(ready, text="x"))
    assert run.report.outputs == {"result": "played"}
    assert len(executor.executed) == 1


def test_a_workspace_opens_nothing_that_is_not_needed(home: Path, toys: Path) -> None:
    with Workspace(home=home, modules=[toys]) as workspace:
        assert "toy.shout" in workspace.catalogue
    assert not home.exists()
