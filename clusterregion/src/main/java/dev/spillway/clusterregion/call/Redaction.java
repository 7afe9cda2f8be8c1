package dev.spillway.clusterregion.call;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.MissingNode;
import dev.spillway.kube.translate.Quotation;
import dev.spillway.kube.translate.Quotation.Where;
import java.util.Base64;
import java.util.HashSet;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * Takes out of a server's words what it quotes of a request and is nobody's business: contents of Secrets, values of variables and of headers, command
 * lines, of annotations what has a secret's name or is a whole object. Such words get into statuses, events and logs. Nothing is decided by what is left.
 *
 * <p>Words have to stay readable. So what the request says openly elsewhere (its names, its labels) is no secret, and what may be a word of the server's
 * own, {@code forbidden} or {@code default}, is taken out only where it stands as a value. Pure.
 */
final class Redaction {
    private static final int SHORTEST = 6; // less is no secret, and would be found in every text
    private static final int SHORTEST_WORD = 12; // of a command line
    private static final int SHORTEST_ANYWHERE = 8; // the least that NIST SP 800-63B allows a password to have
    private static final Pattern ORDINARY_WORD = Pattern.compile("[A-Za-z]{1,15}");
    private static final Pattern SECRETS_NAME =
            Pattern.compile("(?i).*(token|secret|passw|credential|api-?key|private-?key|auth(?!or)).*", Pattern.DOTALL);
    private static final ObjectMapper MAPPER = new ObjectMapper();

    private final Set<String> secrets = new HashSet<>(); // of which the order does not matter
    private final Set<String> open = new HashSet<>();

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
        var quotation = new Quotation(words);
        secretsOf(sent).forEach(secret -> quotation.hide(secret, where(secret)));
        return quotation.text();
    }

    private static Set<String> secretsOf(JsonNode object) {
        var redaction = new Redaction();
        redaction.look(object);
        redaction.secrets.removeAll(redaction.open);
        return redaction.secrets;
    }

    private static Where where(String secret) {
        if (ORDINARY_WORD.matcher(secret).matches()) {
            return Where.AS_VALUE;
        }
        return secret.length() < SHORTEST_ANYWHERE ? Where.WHOLE : Where.ANYWHERE;
    }

    /** Sorts what is said openly from what is not. */
    private void look(JsonNode node) {
        if (node.isTextual()) {
            open.add(node.textValue());
        } else if (node.isArray()) {
            node.forEach(this::look);
        } else {
            boolean isSecret = node.path("kind").asText().equals("Secret");
            node.properties().forEach(field -> look(field.getKey(), field.getValue(), isSecret));
        }
    }

    private void look(String name, JsonNode value, boolean isOfSecret) {
        if (value.isTextual()) {
            look(value); // the label env, for one
            return;
        }
        switch (name) {
            case "data" -> {
                if (isOfSecret) {
                    value.forEach(one -> addEncoded(one.asText()));
                }
            }
            case "stringData" -> value.forEach(one -> addOfSecret(one.asText()));
            case "annotations" ->
                value.properties()
                        .forEach(one ->
                                lookAtAnnotation(one.getKey(), one.getValue().asText()));
            case "env", "httpHeaders" ->
                value.forEach(one -> add(one.path("value").asText()));
            case "command", "args" -> value.forEach(one -> addWord(one.asText()));
            default -> look(value);
        }
    }

    /** Tools keep the object as it was applied there, of a Secret its contents: {@code kubectl.kubernetes.io/last-applied-configuration}. */
    private void lookAtAnnotation(String name, String value) {
        var object = parse(value);
        if (object.isObject()) {
            secrets.addAll(secretsOf(object)); // what it says openly is no open word of the request
        } else if (SECRETS_NAME.matcher(name).matches()) {
            add(value);
        }
    }

    /** Of a command line: a short word is an option's name or a program's, and stands in many a text. */
    private void addWord(String word) {
        if (word.length() >= SHORTEST_WORD) {
            add(word);
        }
    }

    private void addEncoded(String base64) {
        add(base64);
        try {
            addOfSecret(new String(Base64.getDecoder().decode(base64), UTF_8));
        } catch (IllegalArgumentException e) {
            add(base64.strip()); // not base64: then it is what it is
        }
    }

    private void addOfSecret(String value) {
        add(value);
        add(Base64.getEncoder().encodeToString(value.getBytes(UTF_8)));
        addLeaves(parse(value));
    }

    /** Credentials for registries are JSON, with name and password in base64 as {@code auth}. */
    private void addLeaves(JsonNode node) {
        if (node.isTextual()) {
            add(node.textValue());
            return;
        }
        node.properties().forEach(field -> {
            addLeaves(field.getValue());
            if (field.getKey().equals("auth") && field.getValue().isTextual()) {
                addPair(field.getValue().textValue());
            }
        });
        if (node.isArray()) {
            node.forEach(this::addLeaves);
        }
    }

    private void addPair(String base64) {
        try {
            var pair = new String(Base64.getDecoder().decode(base64), UTF_8);
            add(pair);
            add(pair.substring(pair.indexOf(':') + 1));
        } catch (IllegalArgumentException e) {
            add(base64);
        }
    }

    /** As a whole and by line: a server may show one of them. */
    private void add(String value) {
        if (value.length() >= SHORTEST) {
            secrets.add(value);
        }
        value.lines()
                .map(String::strip)
                .filter(line -> line.length() >= SHORTEST)
                .forEach(secrets::add);
    }

    private static JsonNode parse(String text) {
        try {
            return text.startsWith("{") || text.startsWith("[") ? MAPPER.readTree(text) : MissingNode.getInstance();
        } catch (JsonProcessingException e) {
            return MissingNode.getInstance();
        }
    }
}
