"""A small dataset of one's own, under a base IRI of its own, for the tests of catalog, services and doors."""

from pathlib import Path

BASE = "https://stones.example/id/"

PREFIXES = """
@prefix area: <https://w3id.org/trivium/vocab/area/> .
@prefix basis: <https://w3id.org/trivium/vocab/basis/> .
@prefix concept: <https://stones.example/id/concept/> .
@prefix dcterms: <http://purl.org/dc/terms/> .
@prefix dependence: <https://w3id.org/trivium/vocab/dependence/> .
@prefix evidence: <https://w3id.org/trivium/vocab/evidence/> .
@prefix formula-kind: <https://w3id.org/trivium/vocab/formula-kind/> .
@prefix hardware: <https://stones.example/id/hardware/> .
@prefix method: <https://w3id.org/trivium/vocab/method/> .
@prefix observation: <https://stones.example/id/observation/> .
@prefix path: <https://stones.example/id/path/> .
@prefix quantity: <https://stones.example/id/quantity/> .
@prefix role: <https://w3id.org/trivium/vocab/role/> .
@prefix schema: <https://schema.org/> .
@prefix skos: <http://www.w3.org/2004/02/skos/core#> .
@prefix source: <https://stones.example/id/source/> .
@prefix symbol: <https://stones.example/id/symbol/> .
@prefix topic: <https://stones.example/id/topic/> .
@prefix tv: <https://w3id.org/trivium/ontology#> .
@prefix unit: <https://stones.example/id/unit/> .
@prefix verification: <https://w3id.org/trivium/vocab/verification/> .
@prefix void: <http://rdfs.org/ns/void#> .
@prefix xsd: <http://www.w3.org/2001/XMLSchema#> .
"""

DESCRIPTION = """
<https://stones.example/dataset> a void:Dataset ;
    dcterms:title "Falling stones"@en ;
    dcterms:license <https://creativecommons.org/licenses/by/4.0/> ;
    tv:baseIri "https://stones.example/id/"^^xsd:anyURI ;
    void:subset <https://stones.example/dataset#physics> , <https://stones.example/dataset#towers> .
<https://stones.example/dataset#physics> a void:Dataset ;
    dcterms:title "Physics"@en ;
    tv:graph <https://stones.example/graph/physics> ;
    tv:graphFolder "physics" .
<https://stones.example/dataset#towers> a void:Dataset ;
    dcterms:title "Towers"@en ;
    tv:graph <https://stones.example/graph/towers> ;
    tv:graphFolder "towers" .
"""

QUANTITIES = """
unit:one a tv:Unit ; skos:prefLabel "plain number"@en ; skos:definition "A number without unit."@en ;
    tv:unitText "1" ; tv:dimension "1" ; tv:factor 1.0e0 .
unit:metre a tv:Unit ; skos:prefLabel "metre"@en ; skos:definition "Length."@en ;
    tv:unitText "m" ; tv:alternativeSymbol "metres" ; tv:dimension "metre" ; tv:factor 1.0e0 .
unit:foot a tv:Unit ; skos:prefLabel "foot"@en ; skos:definition "0.3048 metres."@en ;
    tv:unitText "ft" ; tv:dimension "metre" ; tv:factor 3.048e-1 .
unit:second a tv:Unit ; skos:prefLabel "second"@en ; skos:definition "Time."@en ;
    tv:unitText "s" ; tv:dimension "second" ; tv:factor 1.0e0 .
unit:acceleration a tv:Unit ; skos:prefLabel "metre per second squared"@en ;
    skos:definition "Acceleration."@en ;
    tv:unitText "m/s^2" ; tv:dimension "metre/second^2" ; tv:factor 1.0e0 .
quantity:height a tv:Quantity ; skos:prefLabel "height"@en ; skos:definition "How high it stands."@en ;
    tv:canonicalUnit unit:metre .
quantity:time a tv:Quantity ; skos:prefLabel "time"@en ; skos:definition "How long it takes."@en ;
    tv:canonicalUnit unit:second .
quantity:gravity a tv:Quantity ; skos:prefLabel "gravity"@en ;
    skos:definition "How fast a fall gets faster."@en ;
    tv:canonicalUnit unit:acceleration .
"""

SOURCES = """
source:galilei1638 a tv:Source ; skos:prefLabel "Discorsi"@en ; tv:verification verification:unseen ;
    tv:verificationNote "By hearsay."@en ; tv:doi "10.1000/discorsi" .
"""

FORMULA = """
@base <https://stones.example/id/formula/> .
<fall-time> a tv:Formula ; skos:prefLabel "Time of a fall"@en ; skos:definition "How long a stone falls."@en ;
    dcterms:source source:galilei1638 ; tv:evidence evidence:published ; tv:verification verification:unseen ;
    tv:expression "t = sqrt(2*h/g)" ; tv:latex "t = \\\\sqrt{2h/g}" ; tv:formulaKind formula-kind:law ;
    tv:condition "No air."@en ;
    tv:hasVariable <fall-time#t> , <fall-time#h> , <fall-time#g> ;
    tv:hasConstantSet <fall-time#earth> , <fall-time#moon> ; tv:defaultConstantSet <fall-time#earth> ;
    tv:rationale "Most stones fall here."@en ;
    tv:hasReading <fall-time#reading-bounce> ;
    tv:hasExample <fall-time#example-tower> .
<fall-time#t> a tv:Variable ; skos:prefLabel "Time"@en ; tv:symbol "t" ; tv:role role:output ;
    tv:ofQuantity quantity:time ; tv:hasUnit unit:second ; tv:minInclusive 0.0e0 .
<fall-time#h> a tv:Variable ; skos:prefLabel "Height"@en ; tv:symbol "h" ; tv:role role:input ;
    tv:ofQuantity quantity:height ; tv:minExclusive 0.0e0 .
<fall-time#g> a tv:Variable ; skos:prefLabel "Gravity"@en ; tv:symbol "g" ; tv:role role:constant ;
    tv:ofQuantity quantity:gravity ; tv:minExclusive 0.0e0 .
<fall-time#earth> a tv:ConstantSet ; skos:prefLabel "Earth"@en ; dcterms:source source:galilei1638 ;
    tv:evidence evidence:published ; tv:verification verification:unseen ; tv:dependence dependence:unknown ;
    tv:hasConstant <fall-time#earth.g> ; tv:validFor <fall-time#earth.range-h> .
<fall-time#earth.g> a tv:ConstantValue ; tv:ofVariable <fall-time#g> ; tv:value 9.8e0 ;
    tv:standardError 0.1e0 .
<fall-time#earth.range-h> a tv:Range ; tv:ofVariable <fall-time#h> ; tv:low 1.0e0 ; tv:high 1.0e2 .
<fall-time#moon> a tv:ConstantSet ; skos:prefLabel "Moon"@en ; dcterms:source source:galilei1638 ;
    tv:evidence evidence:published ; tv:verification verification:unseen ; tv:dependence dependence:unknown ;
    tv:hasConstant <fall-time#moon.g> .
<fall-time#moon.g> a tv:ConstantValue ; tv:ofVariable <fall-time#g> ; tv:value 1.6e0 .
<fall-time#reading-bounce> a tv:Reading ; skos:prefLabel "With a bounce"@en ;
    dcterms:source source:galilei1638 ; tv:evidence evidence:estimated ; tv:certainty 0.1 ;
    tv:meaning "Until it lies still after one full bounce."@en ;
    tv:expression "t_all = 3*sqrt(2*h/g)" ; tv:hasVariable <fall-time#reading-bounce.t_all> .
<fall-time#reading-bounce.t_all> a tv:Variable ; skos:prefLabel "Time with a bounce"@en ; tv:symbol "t_all" ;
    tv:role role:output ; tv:ofQuantity quantity:time ; tv:hasUnit unit:second .
<fall-time#example-tower> a tv:WorkedExample ; tv:givens "h=19.6" ; tv:usesConstantSet <fall-time#earth> ;
    tv:expected 2.0e0 ; tv:relativeTolerance 1.0e-9 ; tv:basis basis:computed-here ;
    dcterms:source source:galilei1638 ; tv:evidence evidence:computed .
"""

TOPICS = """
@base <https://stones.example/id/topic/> .
<counting> a tv:Topic ; skos:prefLabel "Counting"@en ; skos:definition "One, two, three."@en ;
    dcterms:source source:galilei1638 ; tv:area area:math ; tv:effortBasis basis:estimated ;
    tv:effortHours 2.0 ; tv:evidence evidence:estimated .
<roots> a tv:Topic ; skos:prefLabel "Roots"@en ; skos:definition "Square roots."@en ;
    dcterms:source source:galilei1638 ; tv:area area:math ; tv:effortBasis basis:estimated ;
    tv:effortHours 3.5 ; tv:evidence evidence:estimated ; tv:requires <counting> .
<falling> a tv:Topic ; skos:prefLabel "Falling"@en ; skos:definition "How stones fall."@en ;
    dcterms:source source:galilei1638 ; tv:area area:science ; tv:effortBasis basis:estimated ;
    tv:effortHours 1.0 ; tv:evidence evidence:estimated ; tv:requires <roots> ;
    tv:covers <https://stones.example/id/formula/fall-time> .
path:first-steps a tv:LearningPath ; skos:prefLabel "First steps"@en ; dcterms:source source:galilei1638 ;
    tv:evidence evidence:estimated ; tv:hasStep path:first-steps\\#step-1 .
path:first-steps\\#step-1 a tv:NextStep ; skos:prefLabel "Count"@en ; dcterms:source source:galilei1638 ;
    tv:evidence evidence:estimated ; tv:item <counting> ; tv:position 1 ; tv:why "It comes first."@en .
"""

TOWERS = """
hardware:pisa a tv:Hardware ; skos:prefLabel "Tower of Pisa"@en ; skos:definition "It leans."@en ;
    tv:developer "Bonanno" ;
    dcterms:source source:galilei1638 ; tv:evidence evidence:published ; tv:verification verification:unseen .
concept:tower a tv:Concept ; skos:prefLabel "Tower"@en ; skos:definition "A high building."@en ;
    tv:hasComplexity concept:tower\\#stairs ;
    dcterms:source source:galilei1638 ; tv:evidence evidence:estimated .
concept:tower\\#stairs a tv:Complexity ; tv:expression "h*r" ; tv:hasVariable symbol:h , symbol:r ;
    tv:ofQuantity quantity:steps ; dcterms:source source:galilei1638 ; tv:evidence evidence:estimated .
symbol:h a tv:Variable ; skos:prefLabel "Height"@en ; tv:symbol "h" ; tv:role role:input ;
    tv:ofQuantity quantity:height .
symbol:r a tv:Variable ; skos:prefLabel "Rounds"@en ; tv:symbol "r" ; tv:role role:input ;
    tv:hasUnit unit:one .
quantity:steps a tv:Quantity ; skos:prefLabel "steps"@en ; skos:definition "Steps of a stair."@en ;
    tv:canonicalUnit unit:one .
observation:pisa-guess a tv:Observation ; skos:prefLabel "Pisa, guessed"@en ; tv:about hardware:pisa ;
    tv:ofQuantity quantity:height ; tv:value 6.0e1 ; tv:hasUnit unit:metre ; tv:method method:third-party ;
    tv:date "1900"^^xsd:gYear ; dcterms:source source:galilei1638 ; tv:evidence evidence:published ;
    tv:verification verification:unseen .
observation:pisa-old a tv:Observation ; skos:prefLabel "Pisa, old"@en ; tv:about hardware:pisa ;
    tv:ofQuantity quantity:height ; tv:value 5.5e1 ; tv:hasUnit unit:metre ; tv:method method:reported ;
    tv:date "1400"^^xsd:gYear ; dcterms:source source:galilei1638 ; tv:evidence evidence:published ;
    tv:verification verification:unseen .
observation:pisa-new a tv:Observation ; skos:prefLabel "Pisa, new"@en ; tv:about hardware:pisa ;
    tv:ofQuantity quantity:height ; tv:value 1.84e2 ; tv:hasUnit unit:foot ; tv:method method:reported ;
    tv:date "1990-01"^^xsd:gYearMonth ; dcterms:source source:galilei1638 ; tv:evidence evidence:published ;
    tv:verification verification:unseen .
"""

FILES = {
    "dataset.ttl": DESCRIPTION,
    "physics/formulas.ttl": FORMULA,
    "physics/quantities.ttl": QUANTITIES,
    "physics/sources.ttl": SOURCES,
    "physics/topics.ttl": TOPICS,
    "towers/towers.ttl": TOWERS,
}


def write_dataset(folder: Path, *changes: tuple[str, str, str], **files: str) -> Path:
    """Write the dataset; a change replaces text in a file, and ``files`` are added to ``physics/``."""
    texts = dict(FILES)
    for name, old, new in changes:
        assert old in texts[name], f"{old!r} is not in {name}"
        texts[name] = texts[name].replace(old, new)
    for name, text in files.items():
        texts[f"physics/{name}.ttl"] = text
    for name, text in texts.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(PREFIXES + text, "utf-8")
    return folder
