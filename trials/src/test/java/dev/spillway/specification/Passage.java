package dev.spillway.specification;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * Text for people that belongs together: a comment, a paragraph, a list item, a row of a table. Its lines are joined by single spaces, so
 * that a citation may go over the end of a line. Immutable.
 *
 * @param file where it stands
 * @param kind what is read how
 * @param text without the signs of comments
 * @param lines where each of its lines begins in the text, and which line of the file that is
 */
record Passage(Path file, Kind kind, String text, List<Start> lines) {
    enum Kind {
        JAVA,
        MARKDOWN,
        SCENARIO
    }

    /** Line {@code line} of the file, from 1, begins at {@code offset} of the text. */
    record Start(int offset, int line) {}

    Passage {
        lines = List.copyOf(lines);
    }

    /** The line of the file that has this place of the text. */
    int lineAt(int offset) {
        int found = lines.isEmpty() ? 1 : lines.getFirst().line();
        for (var start : lines) {
            if (start.offset() <= offset) {
                found = start.line();
            }
        }
        return found;
    }

    /** Collects the lines of a passage. */
    static final class Builder {
        private final StringBuilder text = new StringBuilder();
        private final List<Start> lines = new ArrayList<>();

        void add(int line, String words) {
            if (!text.isEmpty()) {
                text.append(' ');
            }
            lines.add(new Start(text.length(), line));
            text.append(words.strip());
        }

        boolean isEmpty() {
            return text.isEmpty();
        }

        /** The passage, after which the builder is empty again. */
        Passage take(Path file, Kind kind) {
            var passage = new Passage(file, kind, text.toString(), lines);
            text.setLength(0);
            lines.clear();
            return passage;
        }
    }
}
