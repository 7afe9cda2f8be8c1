package dev.spillway.it;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * One command, and how two outputs of it are compared.
 *
 * @param how {@code @sorted} where lines may come in any order, {@code @last} where only the last line counts, since those before it tell
 *     what one was in time to see, {@code @code} where that is
 *     true of all it prints; empty for all as it is
 * @param line the words, separated by blanks
 */
record KubectlCommand(String how, String line) {

    /** What differs from run to run, and what is put in its place. */
    private record Rule(Pattern pattern, String by) {
        Rule(String pattern, String by) {
            this(Pattern.compile(pattern), by);
        }
    }

    private static final List<Rule> RULES = List.of(
            new Rule(
                    "(nginx-gpu-deployment-(?:resourcepolicy|specified-region))-[a-z0-9]{7,10}-[a-z0-9]{5}\\b",
                    "$1-HASH-POD"),
            new Rule("(nginx-gpu-deployment-(?:resourcepolicy|specified-region))-[a-z0-9]{7,10}\\b", "$1-HASH"),
            new Rule("pod-template-hash([=:]) ?[a-z0-9]{7,10}", "pod-template-hash$1HASH"),
            new Rule("kube-api-access-\\w{5}", "kube-api-access-X"),
            new Rule("\\d{4}-\\d\\d-\\d\\dT[\\d:.]+(Z|\\+00:00)", "TIME"),
            new Rule("\\w{3}, \\d\\d \\w{3} \\d{4} [\\d:]+ \\+0000", "TIME"),
            new Rule("[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}", "UID"),
            new Rule(" \\(x\\d+ over \\w+\\)", ""),
            new Rule("(?<=\\s)(\\d+m)?\\d+s\\b", "AGE"),
            new Rule("\\bi-[a-z0-9]{8}-\\d{8}", "INSTANCE"),
            new Rule("10\\.0\\.\\d+\\.\\d+|100\\.64\\.\\d+\\.\\d+", "IP"),
            new Rule("127\\.0\\.0\\.1:\\d+", "ADDRESS"),
            new Rule("(resourceVersion: |Resource Version: +|\"resourceVersion\": )\"?\\d+\"?", "VERSION"),
            new Rule("zone cn-shanghai-[lm]|cn-shanghai-[lm]\\b", "ZONE"),
            // The API server writes these fields of a pod's status even where they say nothing; the embedded cluster
            // does not.
            new Rule("- lastProbeTime: null\n +", "- "),
            new Rule(" +lastState: \\{}\n", ""),
            // Which of two events that are alike comes first, and which was combined with others, is a matter of
            // milliseconds.
            new Rule("\\(combined from similar events\\): ", ""),
            new Rule("[ \t]+", " "),
            new Rule("-{3,}", "---"));

    static List<KubectlCommand> list(String... lines) {
        return Arrays.stream(lines)
                .map(line -> line.startsWith("@")
                        ? new KubectlCommand(
                                line.substring(0, line.indexOf(' ')), line.substring(line.indexOf(' ') + 1))
                        : new KubectlCommand("", line))
                .toList();
    }

    /** The words, with the names of files filled in. */
    List<String> words(Map<String, String> files) {
        return Arrays.stream(line.split(" ", -1))
                .map(word -> files.getOrDefault(word, word))
                .toList();
    }

    /** What it printed, without what differs from run to run. */
    String normalised(Kubectl.Ended ended) {
        String text = ended.text();
        for (Rule rule : RULES) {
            text = rule.pattern().matcher(text).replaceAll(rule.by());
        }
        List<String> lines = text.lines().map(String::stripTrailing).toList();
        Stream<String> counted = switch (how) {
            case "@sorted" -> lines.stream().sorted().distinct();
            case "@code" -> Stream.empty();
            case "@last" -> lines.stream().skip(Math.max(0, lines.size() - 1));
            default -> lines.stream();
        };
        var all = new ArrayList<>(counted.toList());
        all.add("exit code " + ended.exitCode());
        return String.join("\n", all);
    }

    /** Lines without the width of their columns. */
    static List<String> squeezed(List<String> lines) {
        return lines.stream().map(line -> line.strip().replaceAll(" +", " ")).collect(Collectors.toList());
    }

    @Override
    public String toString() {
        return line;
    }
}
