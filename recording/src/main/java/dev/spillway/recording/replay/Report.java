package dev.spillway.recording.replay;

import dev.spillway.core.step.Effect;
import dev.spillway.recording.format.Header;
import dev.spillway.recording.format.Line;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Prints verdicts for people. */
public final class Report {
    private static final int WIDEST_VALUE = 48;
    private static final int MOST_EQUAL = 4;
    private static final String ABSENT = "-";

    private final PrintWriter out;

    /** Prints to the given writer. */
    public Report(PrintWriter out) {
        this.out = out;
    }

    /** Prints one verdict. {@code name}: the recording's. */
    public void print(String name, Verdict verdict) {
        switch (verdict) {
            case Verdict.Equal equal -> equal(name, equal);
            case Verdict.Differs differs -> differs(name, differs);
            case Verdict.Headless headless -> headless(name, headless);
        }
        out.flush();
    }

    private void equal(String name, Verdict.Equal equal) {
        out.printf("%s: equal, %s; %s%n", name, events(equal.events()), origin(equal.header()));
        if (equal.failure() != null) {
            out.printf(
                    "  the engine throws as it did then, at event %d:%n",
                    equal.failure().sequence());
            equal.failure().trace().stream().limit(4).forEach(line -> out.printf("    %s%n", line));
        }
        if (equal.brokenOff()) {
            out.printf(
                    "  the file breaks off after event %d (its process was killed, its disk was full, or it still"
                            + " records); what is whole was replayed%n",
                    equal.events());
        }
    }

    private void headless(String name, Verdict.Headless headless) {
        var gap = headless.gap();
        out.printf(
                "%s: cannot be replayed: events %d to %d are not in it, and an engine knows what it was told from its"
                        + " start on (%s); %s%n",
                name, gap.first(), gap.last(), gap.why(), origin(headless.header()));
        out.printf("  its last %s:%n", events(headless.last().size()));
        headless.last().forEach(turn -> out.printf("    %s%n", summary(turn)));
    }

    private void differs(String name, Verdict.Differs differs) {
        var turn = differs.recorded();
        out.printf(
                "%s: DIFFERS at event %d (line %d); %s%n",
                name, turn.sequence(), differs.lineNumber(), origin(differs.header()));
        out.printf("%nThe event:%n  %s%n", summary(turn));
        if (turn instanceof Line.Failure failure) {
            out.printf("%nThen the engine threw:%n");
            failure.trace().forEach(line -> out.printf("  %s%n", line));
        }
        if (differs.thrown() != null) {
            out.printf("%nNow the engine throws:%n  %s%n", differs.thrown());
            for (var frame : differs.thrown().getStackTrace()) {
                out.printf("  at %s%n", frame);
            }
        }
        out.printf("%nThe effects, recorded and now; * marks what differs:%n");
        var pairs = Pairing.of(differs.expected(), differs.actual());
        pairs(pairs);
        if (pairs.isEmpty()) {
            out.println("  none");
        }
        out.printf("%nEarlier events about %s:%n", Subjects.of(differs));
        differs.history().forEach(earlier -> out.printf("  %s%n", summary(earlier)));
        if (differs.history().isEmpty()) {
            out.println("  none");
        }
    }

    /** Of many equal ones in a row only the first and the last. */
    private void pairs(List<Pairing.Pair> pairs) {
        for (int i = 0; i < pairs.size(); i++) {
            int equal = i;
            while (equal < pairs.size() && pairs.get(equal).isEqual()) {
                equal++;
            }
            pair(pairs.get(i));
            if (equal - i > MOST_EQUAL) {
                out.printf("  ... %d more that are equal%n", equal - i - 2);
                i = equal - 2;
            }
        }
    }

    private void pair(Pairing.Pair pair) {
        var expected = pair.expected();
        var actual = pair.actual();
        if (expected != null && actual != null) {
            if (pair.isEqual()) {
                out.printf("  %s%n", headline(expected));
            } else {
                out.printf("* %s%n", headline(expected));
                table(Rows.of(expected), Rows.of(actual));
            }
        } else if (expected != null) {
            out.printf("* recorded only: %s%n", headline(expected));
            table(Rows.of(expected), Map.of());
        } else if (actual != null) {
            out.printf("* now only: %s%n", headline(actual));
            table(Map.of(), Rows.of(actual));
        }
    }

    private void table(Map<String, String> expected, Map<String, String> actual) {
        var fields = new LinkedHashSet<>(expected.keySet());
        fields.addAll(actual.keySet());
        var rows = new ArrayList<List<String>>();
        rows.add(List.of(" ", "field", "recorded", "now"));
        for (var field : fields) {
            var then = expected.get(field);
            var now = actual.get(field);
            boolean equal = then != null && then.equals(now);
            int from = equal ? 0 : firstDifference(then, now);
            rows.add(List.of(equal ? " " : "*", field, cell(then, from), cell(now, from)));
        }
        int[] widths = new int[4];
        rows.forEach(row -> {
            for (int i = 0; i < widths.length; i++) {
                widths[i] = Math.max(widths[i], row.get(i).length());
            }
        });
        var format = "    %%s %%-%ds  %%-%ds  %%s%%n".formatted(widths[1], widths[2]);
        rows.forEach(row -> out.printf(format, row.toArray()));
    }

    private static int firstDifference(@Nullable String then, @Nullable String now) {
        int at = 0;
        if (then != null && now != null) {
            while (at < Math.min(then.length(), now.length()) && then.charAt(at) == now.charAt(at)) {
                at++;
            }
        }
        return at;
    }

    /** A value, of a long one the part around a place. */
    private static String cell(@Nullable String value, int around) {
        if (value == null) {
            return ABSENT;
        }
        var text = value.isEmpty() ? "\"\"" : value.replace("\n", "\\n");
        if (text.length() <= WIDEST_VALUE) {
            return text;
        }
        int from = Math.max(0, Math.min(around - WIDEST_VALUE / 3, text.length() - WIDEST_VALUE));
        int to = Math.min(text.length(), from + WIDEST_VALUE);
        return (from > 0 ? "…" : "") + text.substring(from, to) + (to < text.length() ? "…" : "");
    }

    private static String headline(Effect effect) {
        return (Values.kind((Record) effect) + "  " + Subjects.of(effect)).strip();
    }

    private static String summary(Line.Turn turn) {
        var text = new StringBuilder(
                "#%d %s %s".formatted(turn.sequence(), turn.at(), Values.kind((Record) turn.event())));
        var subjects = Subjects.of(turn.event());
        if (!subjects.isEmpty()) {
            text.append("  ").append(subjects);
        }
        switch (turn) {
            case Line.Step step -> text.append(effects(step.effects()));
            case Line.Failure failure ->
                text.append("  -> threw ").append(failure.trace().getFirst());
        }
        return text.toString();
    }

    /** The kinds of effects with how often each comes, in order of their first. */
    private static String effects(List<Effect> effects) {
        var counts = new LinkedHashMap<String, Integer>();
        effects.forEach(effect -> counts.merge(Values.kind((Record) effect), 1, Integer::sum));
        if (counts.isEmpty()) {
            return "";
        }
        return counts.entrySet().stream()
                .map(entry -> entry.getKey() + (entry.getValue() > 1 ? " x" + entry.getValue() : ""))
                .collect(Collectors.joining(", ", "  -> ", ""));
    }

    private static String events(long count) {
        return count == 1 ? "1 event" : "%,d events".formatted(count);
    }

    private static String origin(Header header) {
        return "recorded by Spillway %s, engine %s, from %s on"
                .formatted(header.spillway(), header.settings().holder(), header.begun());
    }
}
