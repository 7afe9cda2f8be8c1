package dev.spillway.regions.simulated.shell;

import java.util.ArrayList;
import java.util.List;

/**
 * Commands in a row.
 *
 * @param steps each with its text as it was written, since its variables have their values only when its turn comes
 */
record Script(List<Step> steps) {
    /** When a command runs: always, or by how the one before it ended. */
    enum When {
        ALWAYS,
        AFTER_SUCCESS,
        AFTER_FAILURE
    }

    record Step(When when, String text) {}

    /** Finds the commands of a script: split at {@code ;}, the ends of lines, {@code &&} and {@code ||}, but not in quotes. */
    static Script parse(String text) throws SyntaxException {
        List<Step> steps = new ArrayList<>();
        When when = When.ALWAYS;
        int begin = 0;
        for (int at = 0; at < text.length(); at++) {
            char c = text.charAt(at);
            if (c == '\\') {
                at++;
            } else if (c == '\'' || c == '"') {
                at = endOfQuote(text, at);
            } else if (isSeparator(text, at)) {
                add(steps, when, text.substring(begin, at));
                when = c == '&' ? When.AFTER_SUCCESS : c == '|' ? When.AFTER_FAILURE : When.ALWAYS;
                at += when == When.ALWAYS ? 0 : 1;
                begin = at + 1;
            }
        }
        add(steps, when, text.substring(begin));
        return new Script(steps);
    }

    private static boolean isSeparator(String text, int at) throws SyntaxException {
        char c = text.charAt(at);
        boolean isRedirection = c == '&' && at > 0 && text.charAt(at - 1) == '>';
        if ((c == '&' || c == '|') && !isRedirection) {
            if (!text.startsWith("" + c + c, at)) {
                throw SyntaxException.of(c);
            }
            return true;
        }
        return c == ';' || c == '\n';
    }

    private static int endOfQuote(String text, int begin) throws SyntaxException {
        char quote = text.charAt(begin);
        for (int at = begin + 1; at < text.length(); at++) {
            if (text.charAt(at) == '\\' && quote == '"') {
                at++;
            } else if (text.charAt(at) == quote) {
                return at;
            }
        }
        throw new SyntaxException("syntax error: unterminated quoted string");
    }

    private static void add(List<Step> steps, When when, String text) throws SyntaxException {
        if (!text.isBlank()) {
            steps.add(new Step(when, text));
        } else if (when != When.ALWAYS) {
            throw new SyntaxException("syntax error: a command is missing");
        }
    }
}
