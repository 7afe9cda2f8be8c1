package dev.spillway.clusterregion.call;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.JsonNode;
import dev.spillway.kube.translate.Quoted;
import java.util.Base64;
import java.util.Comparator;
import java.util.List;
import java.util.SequencedSet;
import java.util.TreeSet;

/**
 * Takes out of a server's words what it quotes of a request and is nobody's business: contents of Secrets, values of variables and of headers, command
 * lines. Such words get into statuses, events and logs. Pure.
 */
final class Redaction {
    private static final int SHORTEST = 6; // less is no secret, and would be found in every text
    private static final int SHORTEST_WORD = 12;
    private static final String INSTEAD = "(not shown)";

    private Redaction() {}

    /**
     * The words without it.
     *
     * @param sent what the request had in it
     */
    static String of(JsonNode sent, String words) {
        if (words.isEmpty()) {
            return words;
        }
        // Long ones first: a short one may be a part of them.
        var secrets = new TreeSet<String>(
                Comparator.comparingInt(String::length).reversed().thenComparing(Comparator.naturalOrder()));
        collect(sent, sent.path("kind").asText().equals("Secret"), secrets);
        var clean = words;
        for (var secret : secrets) {
            for (var form : Quoted.forms(secret)) {
                clean = clean.replace(form, INSTEAD);
            }
        }
        return clean;
    }

    private static void collect(JsonNode object, boolean isSecret, SequencedSet<String> secrets) {
        if (isSecret) {
            object.path("data").forEach(value -> addEncoded(value.asText(), secrets));
            object.path("stringData").forEach(value -> add(value.asText(), secrets));
            return;
        }
        for (var list : List.of("env", "httpHeaders")) {
            object.findValues(list)
                    .forEach(pairs -> pairs.forEach(one -> add(one.path("value").asText(), secrets)));
        }
        for (var list : List.of("command", "args")) {
            object.findValues(list).forEach(words -> words.forEach(word -> addWord(word.asText(), secrets)));
        }
    }

    /** Of a command line: a short word is an option's name or a program's, and stands in many a text. */
    private static void addWord(String word, SequencedSet<String> secrets) {
        if (word.length() >= SHORTEST_WORD) {
            add(word, secrets);
        }
    }

    private static void addEncoded(String base64, SequencedSet<String> secrets) {
        add(base64, secrets);
        try {
            add(new String(Base64.getDecoder().decode(base64), UTF_8), secrets);
        } catch (IllegalArgumentException e) {
            add(base64.strip(), secrets); // not base64: then it is what it is
        }
    }

    /** As a whole and by line: a server may write a line's end otherwise. */
    private static void add(String value, SequencedSet<String> secrets) {
        if (value.length() >= SHORTEST) {
            secrets.add(value);
        }
        value.lines()
                .map(String::strip)
                .filter(line -> line.length() >= SHORTEST)
                .forEach(secrets::add);
    }
}
