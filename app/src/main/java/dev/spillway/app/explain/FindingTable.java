package dev.spillway.app.explain;

import dev.spillway.app.cli.TextTable;
import dev.spillway.core.reason.ExplanationText;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/** A finding for people: one sentence, and the walk as a table. */
final class FindingTable {
    private static final List<String> HEADER = List.of("UNIT", "WHAT", "ANSWER", "REASON", "NEXT TRY");
    private static final String NONE = "-";

    private FindingTable() {}

    static List<String> lines(Finding finding) {
        var lines = new ArrayList<String>();
        lines.add(sentence(finding));
        var rows = new ArrayList<List<String>>();
        finding.units().forEach(line -> rows.addAll(rows(line)));
        var placement = finding.placement();
        if (placement != null && finding.state() == Finding.State.PLACED) {
            rows.add(won(placement));
        }
        if (!rows.isEmpty()) {
            rows.addFirst(HEADER);
            lines.add("");
            lines.addAll(TextTable.lines(rows, Set.of()));
        }
        if (!finding.notes().isEmpty()) {
            lines.add("");
            lines.addAll(finding.notes());
        }
        return lines;
    }

    private static String sentence(Finding finding) {
        var since = finding.since();
        var text = new StringBuilder("Pod %s/%s %s"
                .formatted(
                        finding.namespace(),
                        finding.pod(),
                        since == null ? finding.state().verb() : "has waited since " + since));
        var placement = finding.placement();
        if (placement != null && !placement.policy().isEmpty()) {
            text.append(
                    placement.unit() == 0
                            ? " outside the units of policy %s (generation %d)"
                                    .formatted(placement.policy(), placement.generation())
                            : " by unit %d of policy %s (generation %d)"
                                    .formatted(placement.unit(), placement.policy(), placement.generation()));
        }
        if (!finding.headline().isEmpty()) {
            text.append(": ").append(finding.headline());
        }
        return text.append('.').toString();
    }

    /** A unit may have several reasons, one for each zone say; unit and title stand in the first row only. */
    private static List<List<String>> rows(ExplanationText.Line line) {
        var rows = new ArrayList<List<String>>();
        var answers = line.answers().isEmpty() ? List.of(new ExplanationText.Answer("", "", null)) : line.answers();
        for (var answer : answers) {
            boolean first = rows.isEmpty();
            var next = answer.nextTry();
            rows.add(List.of(
                    first ? position(line.position()) : "",
                    first ? orNone(line.title()) : "",
                    orNone(answer.code()),
                    answer.text(),
                    next == null ? NONE : next.toString()));
        }
        return rows;
    }

    private static List<String> won(Finding.Placement placement) {
        var how = "node " + placement.node()
                + (placement.zone().isEmpty() ? "" : ", zone " + placement.zone())
                + (placement.instance().isEmpty() ? "" : ", instance " + placement.instance());
        return List.of(position(placement.unit()), placement.what(), "Placed", how, NONE);
    }

    private static String position(int unit) {
        return unit == 0 ? NONE : Integer.toString(unit);
    }

    private static String orNone(String text) {
        return text.isEmpty() ? NONE : text;
    }
}
