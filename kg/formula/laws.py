"""Which fit of a law a derivation takes: one for all forms of the law, never two in one chain."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field, replace

from kg.formula.network import Network
from kg.formula.plan import plan_for


@dataclass(frozen=True, slots=True)
class Laws:
    """``chosen`` maps a law to the name of its fit; ``reasons`` says why. ``avoided`` are fits by relation."""

    network: Network
    chosen: Mapping[int, str] = field(default_factory=dict)
    reasons: Mapping[int, str] = field(default_factory=dict)
    avoided: Collection[tuple[int, str]] = ()

    def fit_of(self, place: int) -> str | None:
        """The fit of a relation, empty where it has none; None where it has none that may be used."""
        relation = self.network.relations[place]
        names = [chosen.name for chosen in relation.compiled.formula.constant_sets]
        if not names:
            return ""
        allowed = sorted(name for name in names if (place, name) not in self.avoided)
        law = self.network.families[place]
        if law in self.chosen:
            return self.chosen[law] if self.chosen[law] in allowed else None
        own = plan_for(relation.compiled, "").fit
        if own is None or own.name in allowed:
            return own.name if own is not None else None
        return allowed[0] if allowed else None

    def why_not(self, place: int) -> str:
        """Why a relation has no fit that may be used."""
        law = self.network.families[place]
        names = ", ".join(
            sorted(chosen.name for chosen in self.network.relations[place].compiled.formula.constant_sets)
        )
        if law in self.chosen:
            return f"it has no fit {self.chosen[law]}, which holds for this law here; it has {names}"
        return f"choose one of its fits: {names}"

    def with_fit(self, law: int, name: str, reason: str) -> "Laws":
        """The same with one fit more that is settled."""
        return replace(self, chosen={**self.chosen, law: name}, reasons={**self.reasons, law: reason})

    def settle(self, places: Iterable[int]) -> "Laws":
        """The same where the formulas, in order, use one fit of each law; else with a fit chosen for one law more.

        It is the fit of the first of them that all of its law have; where they have none in common, of the first.
        """
        by_law: dict[int, list[int]] = {}
        for place in places:
            if self.network.relations[place].compiled.formula.constant_sets:
                by_law.setdefault(self.network.families[place], []).append(place)
        for law, members in by_law.items():
            fits = [self.fit_of(place) for place in members]
            if len(set(fits)) > 1:
                return self._settle_law(law, members, [fit for fit in fits if fit])
        return self

    def _settle_law(self, law: int, members: list[int], fits: list[str]) -> "Laws":
        shared = [
            {chosen.name for chosen in self.network.relations[place].compiled.formula.constant_sets}
            for place in members
        ]
        common = [fit for fit in fits if all(fit in names for names in shared)]
        fit = common[0] if common else fits[0]
        owner = next(place for place in members if self.fit_of(place) == fit)
        label = self.network.relations[owner].compiled.formula.label
        return self.with_fit(law, fit, f"the fit of {label}, which is part of this derivation too")
