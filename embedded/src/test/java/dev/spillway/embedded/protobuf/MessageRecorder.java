package dev.spillway.embedded.protobuf;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Makes {@code messages.txt} from the tags of the Go types of the API. Run by hand, with the folder of Go's modules that {@code
 * it/controlplane/build.sh} fills:
 *
 * <p>{@code MessageRecorder ~/go/pkg/mod/k8s.io v0.37.2 src/main/resources/dev/spillway/embedded/protobuf/messages.txt}
 */
public final class MessageRecorder {

    /** Of what is served here, what clients send as a whole. */
    private static final List<String> ROOTS = List.of(
            "core.Namespace",
            "core.ConfigMap",
            "core.ServiceAccount",
            "core.Pod",
            "core.Node",
            "core.Event",
            "core.Binding",
            "apps.Deployment",
            "apps.ReplicaSet",
            "batch.Job",
            "policy.PodDisruptionBudget",
            "policy.Eviction",
            "coordination.Lease",
            "meta.DeleteOptions");

    private static final String HEAD = """
        # Messages of the Kubernetes API in protobuf, from the tags of its Go types: NAME, then NUMBER:FIELD:TYPE of each field.
        # s text, i whole number, t truth, d real, b bytes, T time, M time with microseconds, Q quantity, I number or text, F fields, ? left out,
        # @NAME message, * list of, % map from text to; field + is part of the object around it; ! is there though it says nothing.
        """;

    private static final Pattern STRUCT =
            Pattern.compile("^type (\\w+) struct \\{\n(.*?)^\\}", Pattern.MULTILINE | Pattern.DOTALL);
    private static final Pattern NAMED = Pattern.compile("^type (\\w+) (\\S[^{\n]*)$", Pattern.MULTILINE);
    private static final Pattern FIELD = Pattern.compile("^\t(?:\\w+\\s+)?([\\w.\\[\\]*]+)\\s+`([^`]*)`");
    private static final Pattern NUMBER = Pattern.compile("protobuf:\"\\w+,(\\d+),");
    private static final Pattern JSON = Pattern.compile("json:\"([^\"]*)\"");
    private static final Pattern MAP = Pattern.compile("map\\[[\\w.]+\\](.*)");
    private static final Pattern MESSAGE = Pattern.compile("@([\\w.]+)");

    private static final Map<String, String> SCALARS = Map.of(
            "string", "s", "bool", "t", "int32", "i", "int64", "i", "int", "i", "uint8", "i", "float64", "d", "[]byte",
            "b");
    private static final Map<String, String> OF_THEIR_OWN = Map.of(
            "intstr.IntOrString",
            "I",
            "resource.Quantity",
            "Q",
            "meta.Time",
            "T",
            "meta.MicroTime",
            "M",
            "meta.FieldsV1",
            "F");

    private final Map<String, String> structs = new HashMap<>();
    private final Map<String, String> aliases = new HashMap<>();
    private final Map<String, List<Row>> messages = new TreeMap<>();

    private record Row(int number, String name, String type, boolean keepsZero) {
        @Override
        public String toString() {
            return "%d:%s:%s%s".formatted(number, name, type, keepsZero ? "!" : "");
        }
    }

    private MessageRecorder() {}

    /** Records from the modules named first, of the version named second, into the file named third. */
    public static void main(String[] arguments) throws IOException {
        var recorder = new MessageRecorder();
        Path modules = Path.of(arguments[0]);
        for (String group : List.of("core", "apps", "batch", "policy", "coordination")) {
            recorder.read(
                    group, modules.resolve("api@" + arguments[1]).resolve(group).resolve("v1"));
        }
        recorder.read("meta", modules.resolve("apimachinery@" + arguments[1]).resolve("pkg/apis/meta/v1"));
        ROOTS.forEach(recorder::walk);
        StringBuilder text = new StringBuilder(HEAD);
        recorder.messages.forEach((name, rows) -> {
            text.append(name);
            rows.forEach(row -> text.append(' ').append(row));
            text.append('\n');
        });
        Files.writeString(Path.of(arguments[2]), text);
    }

    private void read(String group, Path folder) throws IOException {
        List<Path> files;
        try (var found = Files.list(folder)) {
            files = found.filter(file -> file.toString().endsWith(".go"))
                    .filter(file -> !file.toString().endsWith("_test.go"))
                    .filter(file -> !file.getFileName().toString().contains("generated"))
                    .sorted()
                    .toList();
        }
        for (Path file : files) {
            String text = Files.readString(file);
            STRUCT.matcher(text)
                    .results()
                    .forEach(found -> structs.putIfAbsent(group + "." + found.group(1), found.group(2)));
            NAMED.matcher(text)
                    .results()
                    .forEach(found -> aliases.putIfAbsent(
                            group + "." + found.group(1),
                            found.group(2).replaceFirst("//.*", "").strip()));
        }
    }

    private void walk(String name) {
        if (messages.containsKey(name)) {
            return;
        }
        List<Row> rows = new ArrayList<>();
        messages.put(name, rows);
        String group = name.substring(0, name.indexOf('.'));
        for (String line : Objects.requireNonNull(structs.get(name), name).split("\n", -1)) {
            Row row = row(group, line);
            if (row != null) {
                rows.add(row);
                MESSAGE.matcher(row.type()).results().forEach(found -> walk(found.group(1)));
            }
        }
        rows.sort(Comparator.comparingInt(Row::number));
    }

    private @Nullable Row row(String group, String line) {
        Matcher field = FIELD.matcher(line);
        if (!field.find()) {
            return null;
        }
        Matcher number = NUMBER.matcher(field.group(2));
        Matcher json = JSON.matcher(field.group(2));
        if (!number.find() || !json.find()) {
            return null;
        }
        String[] words = json.group(1).split(",", 2);
        boolean keepsZero = field.group(1).startsWith("*") || words.length < 2 || !words[1].contains("omitempty");
        return words[0].equals("-")
                ? null
                : new Row(
                        Integer.parseInt(number.group(1)),
                        words[0].isEmpty() ? Message.INLINE : words[0],
                        type(group, field.group(1)),
                        keepsZero);
    }

    private String type(String group, String goType) {
        if (SCALARS.containsKey(goType)) {
            return SCALARS.get(goType);
        }
        if (goType.startsWith("*")) {
            return type(group, goType.substring(1));
        }
        if (goType.startsWith("[]")) {
            return "*" + type(group, goType.substring(2));
        }
        Matcher map = MAP.matcher(goType);
        if (map.matches()) {
            return "%" + type(group, map.group(1));
        }
        int dot = goType.indexOf('.');
        String name = dot < 0
                ? group + "." + goType
                : switch (goType.substring(0, dot)) {
                    case "metav1" -> "meta" + goType.substring(dot);
                    case "v1", "corev1" -> (group.equals("core") ? "meta" : "core") + goType.substring(dot);
                    default -> goType;
                };
        if (OF_THEIR_OWN.containsKey(name)) {
            return OF_THEIR_OWN.get(name);
        }
        if (structs.containsKey(name)) {
            return "@" + name;
        }
        if (name.startsWith("types.")) {
            return "s";
        }
        String alias = aliases.get(name);
        return alias == null ? "?" : type(name.substring(0, name.indexOf('.')), alias);
    }
}
