package dev.spillway.specification;

import java.util.ArrayList;
import java.util.List;

/** The comments of a Java source. Reads past strings, text blocks and characters, so that what looks like a comment in them is none. */
final class JavaComments {
    /** One comment, without its first and last signs; {@code line} is where it begins, from 1. */
    record Comment(int line, boolean isBlock, String text) {}

    private final String source;
    private final List<Comment> found = new ArrayList<>();
    private int at;
    private int line = 1;

    private JavaComments(String source) {
        this.source = source;
    }

    static List<Comment> of(String source) {
        var comments = new JavaComments(source);
        while (comments.at < source.length()) {
            comments.next();
        }
        return List.copyOf(comments.found);
    }

    private void next() {
        if (source.startsWith("//", at)) {
            comment(false, at + 2, end("\n", at));
        } else if (source.startsWith("/*", at)) {
            int end = end("*/", at + 2);
            comment(true, at + 2, end);
            at = Math.min(source.length(), end + 2);
        } else if (source.startsWith("\"\"\"", at)) {
            literal("\"\"\"");
        } else if (source.charAt(at) == '"' || source.charAt(at) == '\'') {
            literal(source.substring(at, at + 1));
        } else {
            goTo(at + 1);
        }
    }

    private void comment(boolean isBlock, int start, int end) {
        found.add(new Comment(line, isBlock, source.substring(start, end)));
        goTo(end);
    }

    private void literal(String quote) {
        int end = at + quote.length();
        while (end < source.length() && !source.startsWith(quote, end)) {
            end += source.charAt(end) == '\\' ? 2 : 1;
        }
        goTo(Math.min(source.length(), end + quote.length()));
    }

    private int end(String sign, int from) {
        int end = source.indexOf(sign, from);
        return end < 0 ? source.length() : end;
    }

    private void goTo(int next) {
        while (at < next) {
            line += source.charAt(at) == '\n' ? 1 : 0;
            at++;
        }
    }
}
