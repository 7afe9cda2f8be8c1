package dev.spillway.core.reason;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/*
 * The form, which programs read back:
 *
 *   HEADLINE. unit 1 (TITLE): CODE: TEXT, next try at INSTANT; CODE: TEXT. unit 2 (TITLE): CODE: TEXT.
 *
 * A pod without units has no headline and answers alone: "CODE: TEXT; CODE: TEXT." Texts come from regions and users too, so what
 * separates is taken out of them when a record is made: "; " becomes ", ", and so on. Hence parse(x.text()) equals x.
 */

/**
 * What a pod is told, in the form in which its condition and its events carry it.
 *
 * @param headline one clause about all units; empty where there are none
 * @param lines in order of position
 */
public record ExplanationText(String headline, List<Line> lines) {
    private static final String BETWEEN_ANSWERS = "; ";
    private static final String BEFORE_UNIT = ". unit ";
    private static final String NEXT_TRY = ", next try at ";
    private static final String END_OF_TITLE = "): ";
    private static final Pattern UNIT = Pattern.compile("(?:^|\\. )unit (\\d{1,9}) \\(");
    private static final Pattern CODE = Pattern.compile("([A-Z][A-Za-z]*): ");
    private static final Pattern TIMED = Pattern.compile("(.*), next try at ([-+]?\\d+-\\d\\d-\\d\\dT[\\d:]+Z)");

    /**
     * What one unit answered.
     *
     * @param position from 1; 0 for a pod without units
     * @param title what the unit is, for people
     */
    public record Line(int position, String title, List<Answer> answers) {
        public Line {
            title = plain(title).replace(END_OF_TITLE, ") ");
            answers = List.copyOf(answers);
        }

        private String text() {
            var all = String.join(
                    BETWEEN_ANSWERS, answers.stream().map(Answer::rendered).toList());
            return position == 0 ? all : "unit %d (%s): %s".formatted(position, title, all);
        }
    }

    /**
     * One reason.
     *
     * @param code of {@link Reason#code}; empty where a text that was read has none
     * @param text one clause
     * @param nextTry to the second, null where only a change helps
     */
    public record Answer(String code, String text, @Nullable Instant nextTry) {
        public Answer {
            text = plain(text).replace(NEXT_TRY, ", a next try at ");
            nextTry = nextTry == null ? null : Instant.ofEpochSecond(nextTry.getEpochSecond());
        }

        private String rendered() {
            return (code.isEmpty() ? "" : code + ": ") + text + (nextTry == null ? "" : NEXT_TRY + nextTry);
        }

        private static Answer read(String text) {
            var code = CODE.matcher(text);
            boolean coded = code.lookingAt();
            var rest = coded ? text.substring(code.end()) : text;
            var timed = TIMED.matcher(rest);
            return timed.matches()
                    ? new Answer(coded ? code.group(1) : "", timed.group(1), Instant.parse(timed.group(2)))
                    : new Answer(coded ? code.group(1) : "", rest, null);
        }
    }

    public ExplanationText {
        headline = plain(headline);
        lines = List.copyOf(lines);
    }

    /** Everything in one line, with a full stop. */
    public String text() {
        var parts = new ArrayList<String>();
        if (!headline.isEmpty()) {
            parts.add(headline);
        }
        lines.forEach(line -> parts.add(line.text()));
        return String.join(". ", parts) + ".";
    }

    /** The units' answers alone, in one line without a full stop. */
    public String linesText() {
        return String.join(". ", lines.stream().map(Line::text).toList());
    }

    /**
     * Reads what {@link #text} wrote. Never fails: a text of another form, or one that was cut short, comes out as far as it can be
     * told apart.
     */
    public static ExplanationText parse(String text) {
        return read(text.endsWith(".") ? text.substring(0, text.length() - 1) : text);
    }

    /** Reads what {@link #linesText} wrote, likewise. */
    public static List<Line> parseLines(String text) {
        return read(text).lines();
    }

    private static ExplanationText read(String all) {
        var unit = UNIT.matcher(all);
        if (!unit.find()) {
            return new ExplanationText("", all.isEmpty() ? List.of() : List.of(new Line(0, "", answers(all))));
        }
        var headline = all.substring(0, unit.start());
        var lines = new ArrayList<Line>();
        boolean more = true;
        while (more) {
            int position = Integer.parseInt(unit.group(1));
            int start = unit.end();
            more = unit.find();
            lines.add(line(position, all.substring(start, more ? unit.start() : all.length())));
        }
        return new ExplanationText(headline, lines);
    }

    private static Line line(int position, String text) {
        int end = text.indexOf(END_OF_TITLE);
        return end < 0
                ? new Line(position, text, List.of())
                : new Line(position, text.substring(0, end), answers(text.substring(end + END_OF_TITLE.length())));
    }

    private static List<Answer> answers(String text) {
        var answers = new ArrayList<Answer>();
        int start = 0;
        while (start < text.length()) {
            int end = text.indexOf(BETWEEN_ANSWERS, start);
            end = end < 0 ? text.length() : end;
            answers.add(Answer.read(text.substring(start, end)));
            start = end + BETWEEN_ANSWERS.length();
        }
        return answers;
    }

    private static String plain(String text) {
        var line = text.chars().anyMatch(Character::isISOControl)
                ? text.codePoints()
                        .map(c -> Character.isISOControl(c) ? ' ' : c)
                        .collect(StringBuilder::new, StringBuilder::appendCodePoint, StringBuilder::append)
                        .toString()
                : text;
        return line.replace(BETWEEN_ANSWERS, ", ").replace(BEFORE_UNIT, ", unit ");
    }
}
