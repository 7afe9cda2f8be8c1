package dev.spillway.specification;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Predicate;
import java.util.regex.Pattern;

/** The numbers that docs/ defines, and what stands beside each; examples are defined by the titles of scenarios. */
final class Specification {
    /** Every number that can be cited; a chapter is the number of a rule without its second half. */
    static final String NUMBER = "P[1-9]|R[0-9]{1,2}\\.[0-9]{1,2}|R[0-9]{1,2}|[LOB][1-9]|[SFQ][1-9][0-9]?|E[0-9]{2}";

    private static final Pattern DEFINITION =
            Pattern.compile("(?:[*-] |\\| )\\*\\*(" + NUMBER + ")\\*\\*.*", Pattern.DOTALL);
    private static final Pattern CHAPTER = Pattern.compile("#+ (R[0-9]{1,2}): .*");
    private static final Pattern PAGE_OF_CHAPTERS = Pattern.compile("\\| \\[.*\\| (R[0-9]{1,2}) \\|.*");
    private static final Pattern CLASS = Pattern.compile("`(?:[a-z][\\w.]*/[A-Z]\\w*(?:#\\w+)?|[A-Z]\\w*#\\w+)`");
    private static final Pattern SCENARIO = Pattern.compile("scenarios/[\\w-]+\\.yaml|\\bE[0-9]{2}\\b");

    private final TreeMap<String, Passage> definitions = new TreeMap<>(Specification::byLetterThenNumber);
    private final TreeSet<String> chapters = new TreeSet<>();
    private final TreeSet<String> examples = new TreeSet<>();
    private final List<Broken> twice = new ArrayList<>();

    Specification(SourceTree tree, List<Passage> passages) {
        for (var passage : passages) {
            if (passage.kind() == Passage.Kind.MARKDOWN
                    && passage.file().toString().startsWith("docs")) {
                take(passage);
            }
        }
        for (var title : tree.scenarioTitles().values()) {
            examples.add(title.split(" ", 2)[0]);
        }
    }

    private void take(Passage passage) {
        for (var pattern : List.of(CHAPTER, PAGE_OF_CHAPTERS)) {
            var chapter = pattern.matcher(passage.text());
            if (chapter.matches()) {
                chapters.add(chapter.group(1));
            }
        }
        var definition = DEFINITION.matcher(passage.text());
        if (definition.matches() && definitions.put(definition.group(1), passage) != null) {
            twice.add(Broken.at(passage, 0, definition.group(1) + " is defined twice"));
        }
    }

    boolean has(String number) {
        return definitions.containsKey(number) || chapters.contains(number) || examples.contains(number);
    }

    /** The rules, in order, with what they say. */
    Map<String, Passage> rules() {
        return startingWith("R");
    }

    /** The faults, in order. */
    Map<String, Passage> faults() {
        return startingWith("F");
    }

    private Map<String, Passage> startingWith(String letters) {
        var found = new TreeMap<String, Passage>(definitions);
        found.keySet().removeIf(number -> letters.indexOf(number.charAt(0)) < 0);
        return found;
    }

    /** What is wrong with the definitions themselves. */
    List<Broken> broken() {
        var broken = new ArrayList<>(twice);
        startingWith("SLOB")
                .forEach((number, row) -> demand(
                        broken,
                        number,
                        row,
                        "names no class that checks it",
                        text -> CLASS.matcher(text).find() || text.contains("Not checked")));
        faults().forEach((number, row) -> demand(
                broken,
                number,
                row,
                "names no test that shows it",
                text -> CLASS.matcher(text).find() || SCENARIO.matcher(text).find() || text.contains("Not yet: ")));
        return broken;
    }

    private static void demand(List<Broken> broken, String number, Passage row, String what, Predicate<String> holds) {
        if (!holds.test(row.text())) {
            broken.add(Broken.at(row, 0, number + " " + what + " and no reason why there is none"));
        }
    }

    /** The rules that no scenario shows: none cites them, and their own text cites no example. */
    List<String> withoutScenario(List<Passage> passages) {
        var shown = new TreeSet<String>();
        var numbers = Pattern.compile("\\b(?:" + NUMBER + ")\\b");
        for (var passage : passages) {
            if (passage.kind() == Passage.Kind.SCENARIO) {
                numbers.matcher(passage.text()).results().forEach(found -> shown.add(found.group()));
            }
        }
        rules().forEach((rule, passage) -> {
            if (SCENARIO.matcher(passage.text()).find()) {
                shown.add(rule);
            }
        });
        return rules().keySet().stream().filter(rule -> !shown.contains(rule)).toList();
    }

    /** The faults of which something is still to be shown, or all. */
    List<String> notYetShown() {
        return faults().entrySet().stream()
                .filter(fault -> fault.getValue().text().contains("Not yet"))
                .map(Map.Entry::getKey)
                .toList();
    }

    private static int byLetterThenNumber(String one, String other) {
        int letter = Character.compare(one.charAt(0), other.charAt(0));
        if (letter != 0) {
            return letter;
        }
        var left = one.substring(1).split("\\.", -1);
        var right = other.substring(1).split("\\.", -1);
        for (int i = 0; i < Math.min(left.length, right.length); i++) {
            int order = Integer.compare(Integer.parseInt(left[i]), Integer.parseInt(right[i]));
            if (order != 0) {
                return order;
            }
        }
        return Integer.compare(left.length, right.length);
    }
}
