"""Events over sentences of every register: type, kind, participants, harms, actuality; metaphors, sports and films are no events."""

from __future__ import annotations

from functools import cache

import pytest

from ascertain.extract import extract
from ascertain.extract._events_arguments import Condition
from ascertain.extract._events_triggers import Meaning, lexicon
from ascertain.models import load_models
from ascertain.records import Dated, Document, Reading


@cache
def read(text: str) -> Reading:
    return extract(Document(id="t", path="t", text=text, published=Dated("2024-05-08"), language="en"), load_models())


def events_on(text: str, trigger: str) -> list:
    reading = read(text)
    start = text.find(trigger)
    assert start >= 0
    return [e for e in reading.events if e.trigger.start < start + len(trigger) and start < e.trigger.end]


# text, trigger, type, kind (None: any), participants by role (words that stand in one), actuality (None: any)
HAPPENED = "happened"
TOLD = [
    ("The gunmen carried off twelve girls and led away the teacher.", "led", "assault", "abduction", {"actor": "gunmen", "recipient": "teacher"}, "happened"),
    ("The men took three fishermen with them when they left.", "took", "assault", "abduction", {"recipient": "fishermen"}, "happened"),
    ("The consortium is expected to postpone its restart.", "postpone", "sanction", "postponement", {"actor": "consortium"}, "expected"),
    ("Three of the boys were released in January; Haben was not.", "released", "retreat", "release", {"recipient": "boys"}, "happened"),
    ("They had to see two people die in the street.", "die", "assault", "killing", {"recipient": "two people"}, "happened"),
    ("Twelve people were killed by shelling in Kharkiv on Sunday.", "killed", "assault", None, {"recipient": "Twelve people"}, HAPPENED),
    ("Gunmen shot dead three policemen near Mosul.", "shot dead", "assault", "shooting", {"actor": "Gunmen", "recipient": "three policemen"}, HAPPENED),
    ("Three policemen were shot dead by gunmen near Mosul.", "shot dead", "assault", "shooting", {"actor": "gunmen", "recipient": "Three policemen"}, HAPPENED),
    ("The slaying of two aid workers by militiamen shocked the town.", "slaying", "assault", "killing", {"actor": "militiamen", "recipient": "aid workers"}, HAPPENED),
    ("Russian drones attacked the port of Odesa overnight.", "attacked", "assault", "drone strike", {"actor": "Russian", "instrument": "drones", "recipient": "port"}, HAPPENED),
    ("An air strike on a school in Saada wounded nine children.", "strike", "assault", "airstrike", {"recipient": "school"}, HAPPENED),
    ("An air strike on a school in Saada wounded nine children.", "wounded", "assault", None, {"recipient": "nine children"}, HAPPENED),
    ("Rockets hit a market in Idlib.", "hit", "assault", "shelling", {"instrument": "Rockets", "recipient": "a market"}, HAPPENED),
    ("The army launched an offensive against rebels in the north.", "offensive", "assault", "attack", {"actor": "army", "recipient": "rebels"}, HAPPENED),
    ("Militants ambushed a convoy, killing six soldiers and wounding four.", "killing", "assault", "killing", {"actor": "Militants", "recipient": "six soldiers"}, HAPPENED),
    ("Militants ambushed a convoy, killing six soldiers and wounding four.", "ambushed", "assault", "attack", {"actor": "Militants", "recipient": "convoy"}, HAPPENED),
    ("A suicide bomber blew himself up outside the ministry in Kabul.", "blew", "assault", "suicide bombing", {"actor": "bomber"}, HAPPENED),
    ("A car bomb exploded near the court in Mogadishu.", "exploded", "assault", None, {}, HAPPENED),
    ("Police opened fire on protesters in Khartoum.", "opened", "assault", "shooting", {"actor": "Police", "recipient": "protesters"}, HAPPENED),
    ("Police fired tear gas at demonstrators in Nairobi.", "fired", "assault", None, {"actor": "Police"}, HAPPENED),
    ("Fighting between the army and the Rapid Support Forces resumed in Omdurman.", "Fighting", "assault", "clash", {"actor": "army"}, None),
    ("Detainees were beaten with cables and given electric shocks.", "beaten", "assault", "beating", {"recipient": "Detainees"}, HAPPENED),
    ("Soldiers tortured him for nine days.", "tortured", "assault", "torture", {"actor": "Soldiers", "recipient": "him"}, HAPPENED),
    ("Women were raped by fighters at the checkpoint.", "raped", "assault", "sexual violence", {"actor": "fighters", "recipient": "Women"}, HAPPENED),
    ("Armed men kidnapped 30 pupils from a school in Kaduna.", "kidnapped", "assault", "abduction", {"actor": "Armed men", "recipient": "30 pupils"}, HAPPENED),
    ("The militia burned down 40 houses in the village.", "burned", "assault", "destruction", {"actor": "militia", "recipient": "40 houses"}, HAPPENED),
    ("The mayor's assassination was condemned by the president.", "assassination", "assault", "killing", {"recipient": "mayor"}, HAPPENED),
    ("Five dead, dozens wounded in Gaza blast.", "dead", "assault", "killing", {"recipient": "Five"}, HAPPENED),
    ("The attack, carried out by Boko Haram, left 14 people dead.", "attack", "assault", "attack", {"actor": "Boko Haram"}, HAPPENED),
    ("The attack, carried out by Boko Haram, left 14 people dead.", "left", "assault", "killing", {"recipient": "14 people"}, HAPPENED),
    ("The blast claimed the lives of 20 worshippers.", "claimed", "assault", "killing", {}, HAPPENED),
    ("Troops stormed the presidential palace before dawn.", "stormed", "assault", "attack", {"actor": "Troops", "recipient": "palace"}, HAPPENED),
    ("Troops shelled the villages and then looted shops.", "looted", "coerce", "looting", {"actor": "Troops"}, HAPPENED),
    ("Police arrested 45 protesters in Minsk.", "arrested", "coerce", "detention", {"actor": "Police", "recipient": "45 protesters"}, HAPPENED),
    ("Two journalists were detained by security forces in Conakry.", "detained", "coerce", "detention", {"actor": "security forces", "recipient": "Two journalists"}, HAPPENED),
    ("The arrest of the opposition leader set off riots.", "arrest", "coerce", "detention", {"recipient": "opposition leader"}, HAPPENED),
    ("Rebels seized the town of Goma on Monday.", "seized", "coerce", "seizure", {"actor": "Rebels"}, HAPPENED),
    ("Government troops recaptured the airport.", "recaptured", "coerce", "seizure", {"actor": "Government troops"}, HAPPENED),
    ("More than 6,000 people fled to Chad.", "fled", "coerce", "displacement", {"recipient": "More than 6,000 people"}, HAPPENED),
    ("The junta imposed a curfew in the capital.", "imposed", "coerce", "curfew", {"actor": "junta"}, HAPPENED),
    ("Soldiers blocked the road to the hospital.", "blocked", "coerce", "restriction", {"actor": "Soldiers"}, HAPPENED),
    ("Villagers were forcibly deported to Russia.", "deported", "coerce", "displacement", {"recipient": "Villagers"}, HAPPENED),
    ("Investigators found 27 bodies in a mass grave near Izium.", "found", "discover", "bodies found", {"actor": "Investigators"}, HAPPENED),
    ("The bodies of 21 men were recovered from the well.", "recovered", "discover", "bodies found", {}, HAPPENED),
    ("Germany expelled 40 Russian diplomats.", "expelled", "sanction", "expulsion", {"actor": "Germany", "recipient": "diplomats"}, HAPPENED),
    ("The European Union imposed sanctions on two generals.", "imposed", "sanction", "sanctions", {"actor": "European Union"}, HAPPENED),
    ("A court sentenced the commander to 20 years in prison.", "sentenced", "sanction", None, {"actor": "court", "recipient": "commander"}, HAPPENED),
    ("Turkey deployed tanks along the border.", "deployed", "mobilize", None, {"actor": "Turkey", "object": "tanks"}, HAPPENED),
    ("The rebels withdrew from the city on Friday.", "withdrew", "retreat", "withdrawal", {"actor": "rebels"}, HAPPENED),
    ("Hamas released four hostages.", "released", "retreat", "release", {"actor": "Hamas", "recipient": "four hostages"}, HAPPENED),
    ("A 72-hour ceasefire took effect in Sudan.", "ceasefire", "retreat", "ceasefire", {}, HAPPENED),
    ("The two sides signed a peace agreement in Juba.", "signed", "agree", "agreement", {"actor": "two sides"}, HAPPENED),
    ("Blinken met the Saudi crown prince in Jeddah.", "met", "consult", "talks", {"actor": "Blinken", "recipient": "crown prince"}, HAPPENED),
    ("Japan provided food aid to the refugees.", "provided", "aid", "aid", {"actor": "Japan", "recipient": "refugees"}, HAPPENED),
    ("Medics treated 60 wounded fighters at the hospital.", "treated", "aid", "aid", {"actor": "Medics", "recipient": "fighters"}, HAPPENED),
    ("The WHO delivered medicine to the besieged city.", "delivered", "aid", "aid", {"actor": "WHO"}, HAPPENED),
    ("Amnesty accused the army of war crimes.", "accused", "accuse", "accusation", {"actor": "Amnesty", "recipient": "army"}, HAPPENED),
    ("Prosecutors opened an investigation into the killings.", "investigation", "accuse", "investigation", {"actor": "Prosecutors"}, HAPPENED),
    ("France called for an immediate ceasefire.", "called", "request", "request", {"actor": "France"}, HAPPENED),
    ("Iran rejected the proposal.", "rejected", "reject", "rejection", {"actor": "Iran"}, HAPPENED),
    ("The general threatened to bomb the dam.", "threatened", "threaten", "threat", {"actor": "general"}, HAPPENED),
    ("Thousands marched through Tbilisi to demand new elections.", "marched", "protest", "protest", {"actor": "Thousands"}, HAPPENED),
    ("Thousands protested against the coup in Yangon.", "protested", "protest", "protest", {"actor": "Thousands"}, HAPPENED),
    ("The prime minister resigned after the riots.", "resigned", "concede", "concession", {"actor": "prime minister"}, HAPPENED),
    ("Israel lifted the blockade.", "lifted", "concede", "concession", {"actor": "Israel"}, HAPPENED),
    ("Kenya backed the resolution.", "backed", "support", "support", {"actor": "Kenya"}, HAPPENED),
    ("PEMBA, Mozambique, 7 June 2022 (SCP) — Insurgents killed six villagers.", "killed", "assault", "killing", {"actor": "Insurgents"}, HAPPENED),
    ("Strike on market in Idlib kills at least 12, rescuers say", "kills", "assault", "killing", {}, None),
    ("Police arrested between 10 and 15 women.", "arrested", "coerce", "detention", {"actor": "Police"}, HAPPENED),
    ("Jets dropped bombs on a camp near Loikaw.", "dropped", "assault", "airstrike", {"instrument": "bombs", "recipient": "camp"}, HAPPENED),
    ("Some 4,200 people left the town after the strike.", "left", "coerce", "displacement", {"recipient": "4,200 people"}, HAPPENED),
    ("Men in police jackets dragged him out of his cab.", "dragged", "assault", "abduction", {"actor": "Men", "recipient": "him"}, HAPPENED),
    ("The taxi drivers have been on strike since Sunday.", "strike", "protest", "strike", {"actor": "taxi drivers"}, HAPPENED),
    ("The judge threatened to jail the surveyors.", "threatened", "threaten", "threat", {"actor": "judge", "recipient": "surveyors"}, HAPPENED),
    ("The women blocked the motorway for nine hours.", "blocked", "protest", "protest", {"actor": "women"}, HAPPENED),
    ("The city has taken in several thousand refugees.", "taken", "aid", "aid", {"actor": "city", "recipient": "refugees"}, HAPPENED),
    ("Gunmen on motorbikes killed at least 20 people in a village.", "killed", "assault", "killing", {"actor": "Gunmen", "recipient": "people"}, HAPPENED),
    ("Mozambican fishermen shot dead, navy under suspicion", "shot dead", "assault", "shooting", {"recipient": "fishermen"}, HAPPENED),
    # told otherwise than as having happened
    ("The army plans to attack the town.", "attack", "assault", "attack", {"actor": "army", "recipient": "town"}, "planned"),
    ("The rebels will release the prisoners on Sunday.", "release", "retreat", "release", {"actor": "rebels", "recipient": "prisoners"}, "expected"),
    ("If they attack the convoy, the talks will end.", "attack", "assault", "attack", {"recipient": "convoy"}, "possible"),
    ("Troops could storm the building.", "storm", "assault", "attack", {"actor": "Troops"}, "possible"),
    ("Nobody was killed in the raid.", "killed", "assault", None, {}, "denied"),
    ("The soldiers did not fire on the crowd.", "fire", "assault", "shooting", {"actor": "soldiers", "recipient": "crowd"}, "denied"),
    ("Police allegedly beat the detainees.", "beat", "assault", "beating", {"actor": "Police", "recipient": "detainees"}, "alleged"),
    ("The guerrillas denied having killed the teachers.", "killed", "assault", "killing", {"recipient": "teachers"}, "denied"),
    ("She accused the army of having killed nine guests.", "killed", "assault", "killing", {"actor": "army", "recipient": "nine guests"}, "alleged"),
    ("Not one of his men had fired a round.", "fired", "assault", "shooting", {}, "denied"),
    ("No dead or wounded were brought in.", "wounded", "assault", "injuring", {}, "denied"),
    ("An alleged massacre in the village is under investigation.", "massacre", "assault", "killing", {}, "alleged"),
]  # fmt: skip


@pytest.mark.parametrize(("text", "trigger", "kind_of_event", "kind", "participants", "actuality"), TOLD, ids=lambda v: str(v)[:40])
def test_event_is_read(text, trigger, kind_of_event, kind, participants, actuality):
    found = [e for e in events_on(text, trigger) if e.type == kind_of_event and (kind is None or e.kind == kind)]
    assert found, [(e.type, e.kind, read(text).words(e.trigger)) for e in read(text).events]
    event = found[0]
    for role, words in participants.items():
        named = [read(text).words(p.passage) for p in event.participants if p.role == role]
        assert any(words in name for name in named), (role, [(p.role, read(text).words(p.passage)) for p in event.participants])
    assert actuality is None or event.actuality == actuality


# text, trigger, kind of harm, at_least, at_most
HARMS = [
    ("At least 410 civilians were killed in the area.", "killed", "killed", 410, None),
    ("Twelve people, including three children, were killed in the strike.", "killed", "killed", 12, 12),
    ("The shelling killed 12 people, three of them children, and wounded 20.", "killed", "killed", 12, 12),
    ("The shelling killed 12 people, three of them children, and wounded 20.", "wounded", "injured", 20, 20),
    ("The death toll rose to 31 from 22 on Tuesday.", "toll", "killed", 31, 31),
    ("The blast left five people dead and dozens injured.", "left", "killed", 5, 5),
    ("Gunmen abducted 17 missionaries in Haiti.", "abducted", "detained", 17, 17),
    ("Some 40,000 people have been displaced by the fighting.", "displaced", "displaced", 40000, 40000),
    ("Workers found 27 bodies in the cellar.", "found", "bodies_found", 27, 27),
    ("More than 300 were arrested.", "arrested", "detained", 301, None),
    ("Eight miners are missing after the attack.", "missing", "missing", 8, 8),
    ("The corps raised its count of those killed from 12 to 14.", "killed", "killed", 14, 14),
    ("The number of people injured has risen to nine.", "injured", "injured", 9, 9),
    ("They counted eleven dead, two of them infants.", "dead", "killed", 11, 11),
    ("Up to 50 soldiers died in the ambush.", "died", "killed", None, 50),
]


@pytest.mark.parametrize(("text", "trigger", "kind", "at_least", "at_most"), HARMS, ids=lambda v: str(v)[:40])
def test_harm_is_counted(text, trigger, kind, at_least, at_most):
    reading = read(text)
    quantities = {q.id: q for q in reading.quantities}
    found = [(h.kind, quantities.get(h.quantity or "")) for e in events_on(text, trigger) for h in e.harms]
    assert any(k == kind and q is not None and (q.at_least, q.at_most) == (at_least, at_most) for k, q in found), found


def test_a_part_is_not_the_whole():
    """`12, including three children`: the three are a part of the twelve."""
    reading = read("Twelve people, including three children, were killed in the strike.")
    whole, part = reading.quantities
    assert part.part_of == whole.id


NOT_EVENTS = [
    ("Fuel prices exploded after the announcement.", "exploded"),
    ("The striker shot wide in the second half of the match.", "shot"),
    ("Arsenal attacked from the start of the cup tie and the striker scored twice.", "attacked"),
    ("In the film, soldiers massacre the villagers.", "massacre"),
    ("The agency bombarded applicants with forms.", "bombarded"),
    ("The company launched a new phone.", "launched"),
    ("Her speech struck a chord with voters.", "struck"),
    ("The novel tells how bandits kidnapped a princess.", "kidnapped"),
    ("The bank raised its growth target.", "target"),
    ("The meeting took place in Geneva.", "took"),
    ("Two people died of cholera in the outbreak.", "died"),
    ("The lorry overturned, killing four passengers.", "killing"),
    ("He died of cancer last year.", "died"),
    ("The company fired 300 staff.", "fired"),
    ("She took a photo of the square.", "took"),
    ("The virus attacks the lungs.", "attacks"),
    ("Inflation hit a record high.", "hit"),
    ("The bill was killed in committee.", "killed"),
    ("Analysts opened fire on the management of the bank.", "opened fire"),
    ("Shares were hammered as investors attacked the plan.", "attacked"),
    ("The critics slaughtered the play.", "slaughtered"),
    ("The governor laid down white lilies.", "laid"),
    ("I took my mother by the arm.", "took"),
    ("Notice concerning our ruby concession at Montepuez.", "concession"),
    ("Were people taken away?", "taken"),
    ("Tomorrow we attack the north slope.", "attack"),
]


@pytest.mark.parametrize(("text", "trigger"), NOT_EVENTS)
def test_words_meant_otherwise_are_no_events(text, trigger):
    assert [e for e in events_on(text, trigger) if e.actuality == "happened"] == []


def test_place_and_time_of_the_event_not_of_its_telling():
    text = "Speaking in Geneva on Tuesday, the envoy said gunmen killed nine farmers in Zalingei on 2 May."
    [event] = events_on(text, "killed")
    reading = read(text)
    places = {e.id: e.name for e in reading.entities}
    times = {t.id: t.value for t in reading.times}
    assert (places.get(event.place), times.get(event.time)) == ("Zalingei", "2024-05-02")


def test_codes_bear_on_what_was_struck():
    text = "Warplanes bombed a hospital in Idlib, killing two nurses."
    codes = {code for event in read(text).events for code in event.codes}
    assert {"acled:Air/drone strike", "rome:8(2)(b)(ix)", "rome:8(2)(b)(xxiv)"} <= codes


def test_every_rule_is_read():
    for part in ("verbs", "nouns"):
        assert len(lexicon(part).senses) > 100
        assert all(isinstance(m, Meaning) for m in lexicon(part).plain.values())


def test_a_rule_that_names_no_place_is_refused():
    with pytest.raises(ValueError, match="elsewhere"):
        Condition.read("elsewhere tank")
