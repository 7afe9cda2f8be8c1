package dev.spillway.specification;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;

/** Takes files apart into passages: the comments of Java sources, the text of Markdown pages, the first comment of scenarios. */
final class Passages {
    /** What starts a passage of its own on a Markdown page: a heading, a list item, a row of a table. */
    private static final Pattern NEW_PASSAGE = Pattern.compile("\\s*([*-]|[0-9]+\\.|#+)\\s.*|\\|.*");

    private Passages() {}

    static List<Passage> of(Path file, String content) {
        var name = file.toString();
        if (name.endsWith(".java")) {
            return java(file, content);
        }
        return name.endsWith(".md") ? markdown(file, content) : scenario(file, content);
    }

    /** Comments that end neighbouring lines are one passage. */
    private static List<Passage> java(Path file, String content) {
        var passages = new ArrayList<Passage>();
        var found = new Passage.Builder();
        int last = -1; // the line in which the passage so far ends
        for (var comment : JavaComments.of(content)) {
            if (!found.isEmpty() && (comment.isBlock() || comment.line() != last + 1)) {
                passages.add(found.take(file, Passage.Kind.JAVA));
            }
            last = comment.line() - 1;
            for (var words : comment.text().split("\n", -1)) {
                last++;
                found.add(last, words.replaceFirst("^\\s*\\*+", ""));
            }
        }
        if (!found.isEmpty()) {
            passages.add(found.take(file, Passage.Kind.JAVA));
        }
        return passages;
    }

    /** Code, fenced or indented, is left out. */
    private static List<Passage> markdown(Path file, String content) {
        var passages = new ArrayList<Passage>();
        var found = new Passage.Builder();
        boolean fenced = false;
        int number = 0;
        boolean afterBlank = true;
        for (var line : content.split("\n", -1)) {
            number++;
            boolean isFence = line.strip().startsWith("```");
            boolean isCode = fenced || isFence || (line.startsWith("    ") && afterBlank);
            fenced = fenced != isFence;
            boolean ends = isCode || line.isBlank() || NEW_PASSAGE.matcher(line).matches();
            if (ends && !found.isEmpty()) {
                passages.add(found.take(file, Passage.Kind.MARKDOWN));
            }
            if (!isCode && !line.isBlank()) {
                found.add(number, line);
            }
            afterBlank = line.isBlank() || (isCode && afterBlank);
        }
        if (!found.isEmpty()) {
            passages.add(found.take(file, Passage.Kind.MARKDOWN));
        }
        return passages;
    }

    private static List<Passage> scenario(Path file, String content) {
        var found = new Passage.Builder();
        int number = 0;
        for (var line : content.split("\n", -1)) {
            number++;
            if (!line.startsWith("#")) {
                break;
            }
            found.add(number, line.replaceFirst("^#+", ""));
        }
        return found.isEmpty() ? List.of() : List.of(found.take(file, Passage.Kind.SCENARIO));
    }
}
