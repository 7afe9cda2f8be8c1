package dev.spillway.regions.simulated.shell;

import static org.assertj.core.api.Assertions.assertThat;

import dev.spillway.regions.conformance.Await;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What the simulated containers' shell answers; where busybox has the command, as busybox's {@code sh} does. */
@Timeout(30)
final class ShellTest {
    private static final Surroundings AROUND = new Surroundings(
            "web-0", Map.of("HOSTNAME", "web-0", "PATH", "/bin"), () -> Instant.parse("2026-03-05T07:08:09Z"));

    private record Ended(String out, String err, int exitCode) {}

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '%',
            value = {
                "echo hello             | hello\\n                      |                               | 0",
                "echo -n hello          | hello                         |                               | 0",
                "/bin/echo hello        | hello\\n                      |                               | 0",
                "echo                   | \\n                           |                               | 0",
                "echo $HOME             | $HOME\\n                      |                               | 0", // no
                // shell
                "hostname               | web-0\\n                      |                               | 0",
                "env                    | HOSTNAME=web-0\\nPATH=/bin\\n |                               | 0",
                "date                   | Thu Mar  5 07:08:09 UTC 2026\\n |                             | 0",
                "cat                    | typed                         |                               | 0",
                "cat /etc/passwd        |                               | cat: can't open '/etc/passwd': No such file or directory\\n | 1",
                "true                   |                               |                               | 0",
                "false                  |                               |                               | 1",
                "exit                   |                               |                               | 0",
                "exit 3                 |                               |                               | 3",
                "exit 256               |                               |                               | 0",
                "exit three             |                               | exit: Illegal number: three\\n | 2",
                "sleep 0.01             |                               |                               | 0",
                "sleep soon             |                               | sleep: invalid number 'soon'\\n | 1",
                "sleep                  |                               | sleep: exactly one duration is needed\\n | 1",
                "stty size              |                               | stty: standard input: not a tty\\n | 1",
                "bash                   |                               | sh: bash: not found\\n         | 127",
                "rm -rf /               |                               | sh: rm: not found\\n           | 127",
                "sh -c                  |                               | sh: -c requires an argument\\n | 2",
                "sh script              |                               | sh: only -c and -i are known here\\n | 2",
            })
    void aCommand(String command, String out, String err, int exitCode) {
        assertThat(run(command.split(" "))).isEqualTo(new Ended(unescaped(out), unescaped(err), exitCode));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '%',
            value = {
                "exit 3                              |                   |                           | 3",
                "exit 3; echo no                     |                   |                           | 3",
                "echo a; echo b                      | a\\nb\\n          |                           | 0",
                "echo $HOSTNAME ${HOSTNAME} $NO.     | web-0 web-0 .\\n  |                           | 0",
                "false; echo $?                      | 1\\n              |                           | 0",
                "false && echo no                    |                   |                           | 1",
                "true && echo yes                    | yes\\n            |                           | 0",
                "echo 'a; b' \"c && $HOSTNAME\" d\\ e | a; b c && web-0 d e\\n |                      | 0",
                "echo '$HOSTNAME' \"\\$X\" $          | $HOSTNAME $X $\\n |                           | 0",
                "echo a'b'\"c\"                      | abc\\n            |                           | 0",
                "echo \"\" ''                        |  \\n              |                           | 0",
                "echo oops >&2; echo fine            | fine\\n           | oops\\n                   | 0",
                "echo one # two                      | one\\n            |                           | 0",
                "nosuch                              |                   | sh: nosuch: not found\\n  | 127",
                "echo a > b                          |                   | sh: syntax error: '>' is not understood here\\n | 2",
                "echo $(date)                        |                   | sh: syntax error: '$' is not understood here\\n | 2",
                "sleep 9 &                           |                   | sh: syntax error: '&' is not understood here\\n | 2",
                "echo 'a                             |                   | sh: syntax error: unterminated quoted string\\n | 2",
                "true &&                             |                   | sh: syntax error: a command is missing\\n | 2",
                "sh -c 'sh -c \"exit 7\"'; echo $?   | 7\\n              |                           | 0",
                "cat; exit 4                         | typed             |                           | 4",
            })
    void aScript(String script, String out, String err, int exitCode) {
        assertThat(run("sh", "-c", script)).isEqualTo(new Ended(padded(out, script), unescaped(err), exitCode));
    }

    @Test
    void aFailedAlternativeIsTaken() {
        assertThat(run("sh", "-c", "false || echo other")).isEqualTo(new Ended("other\n", "", 0));
        assertThat(run("sh", "-c", "true || echo other")).isEqualTo(new Ended("", "", 0));
        assertThat(run("sh", "-c", "echo a | cat"))
                .isEqualTo(new Ended("", "sh: syntax error: '|' is not understood here\n", 2));
    }

    @Test
    void aShellReadsLinesAndItsCommandsWhatFollows() {
        assertThat(runWith("echo a\nhostname\nfalse\n", "sh")).isEqualTo(new Ended("a\nweb-0\n", "", 1));
        assertThat(runWith("echo a\nexit 5\necho b\n", "sh")).isEqualTo(new Ended("a\n", "", 5));
        assertThat(runWith("cat\nrest of\nit", "sh")).isEqualTo(new Ended("rest of\nit", "", 0));
        assertThat(runWith("nosuch\necho on", "sh", "-i")).isEqualTo(new Ended("on\n", "sh: nosuch: not found\n", 0));
    }

    @Test
    void shellsInOneAnotherAndLongLinesAreBounded() {
        assertThat(runWith("sh\n".repeat(10_000), "sh").err()).contains("sh: too many shells in one another\n");
        assertThat(runWith("x".repeat(20_000), "sh"))
                .isEqualTo(new Ended("", "sh: a line is longer than 16384 bytes\n", 2));
    }

    @Test
    void whatIsKilledEndsWith137AndWhatIsInterruptedWith130() throws Exception {
        for (String command : List.of("sleep 100", "cat", "sh")) {
            CommandInput input = new CommandInput();
            Thread.ofVirtual().start(input::kill);
            assertThat(run(input, Optional.empty(), command.split(" ")).exitCode())
                    .isEqualTo(137);

            CommandInput other = new CommandInput();
            Thread.ofVirtual().start(other::interrupt);
            assertThat(run(other, Optional.empty(), command.split(" ")).exitCode())
                    .isEqualTo(130);
        }
    }

    @Test
    void aPipeThatIsFullIsNotGivenMore() throws InterruptedException {
        CommandInput input = new CommandInput();
        byte[] much = new byte[100_000];

        assertThat(input.put(much, 0, much.length, Duration.ofMillis(50))).isEqualTo(65_536);
        assertThat(input.put(much, 0, 1, Duration.ofMillis(50))).isZero();
        input.kill();
        assertThat(input.put(much, 0, much.length, Duration.ofMillis(50))).isEqualTo(much.length);
    }

    @Test
    void aTerminalShowsWhatIsTypedAndKeepsLines() throws IOException, InterruptedException {
        assertThat(typed("echo hi\rexit 3\r").out()).isEqualTo("# echo hi\r\nhi\r\n# exit 3\r\n");
        assertThat(typed("echo hi\rexit 3\r").exitCode()).isEqualTo(3);
        // Backspace over an umlaut of two bytes; an arrow key; then Ctrl-D on an empty line.
        assertThat(typed("echo aäb\177\177c\033[A\r\004").out()).isEqualTo("# echo aäb\b \b\b \bc\r\nac\r\n# ");
        assertThat(typed("stty size\rexit\r").out()).contains("\r\n24 80\r\n");
    }

    private static Ended typed(String keys) throws IOException, InterruptedException {
        CommandInput input = new CommandInput();
        ByteArrayOutputStream screen = new ByteArrayOutputStream();
        TerminalOutput output = new TerminalOutput(screen);
        Console console = new Console(input, output, output, Optional.of(() -> new Console.Size(24, 80)));
        // Each line from a hand that waits for the prompt.
        int[] exitCode = new int[1];
        Thread shell = Thread.ofVirtual().start(() -> {
            try {
                exitCode[0] = new Shell(AROUND).run(List.of("sh"), console);
            } catch (IOException | InterruptedException e) {
                throw new AssertionError(e);
            }
        });
        Terminal terminal = new Terminal(input, line -> input.put(line, 0, line.length, Duration.ofSeconds(5)), screen);
        for (String line : keys.split("(?<=\r)", -1)) {
            if (!line.isEmpty()) {
                Await.until(
                        "a prompt",
                        () -> screen.toString(StandardCharsets.UTF_8).endsWith("# "));
                terminal.type(line.getBytes(StandardCharsets.UTF_8));
            }
        }
        shell.join();
        return new Ended(screen.toString(StandardCharsets.UTF_8), "", exitCode[0]);
    }

    private static Ended run(String... command) {
        return runWith("typed", command);
    }

    private static Ended runWith(String typed, String... command) {
        CommandInput input = new CommandInput();
        byte[] bytes = typed.getBytes(StandardCharsets.UTF_8);
        try {
            assertThat(input.put(bytes, 0, bytes.length, Duration.ofSeconds(5))).isEqualTo(bytes.length);
            input.end();
            return run(input, Optional.empty(), command);
        } catch (IOException | InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    private static Ended run(CommandInput input, Optional<Supplier<Console.Size>> terminal, String... command)
            throws IOException, InterruptedException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        ByteArrayOutputStream err = new ByteArrayOutputStream();
        int exitCode = new Shell(AROUND).run(Arrays.asList(command), new Console(input, out, err, terminal));
        return new Ended(out.toString(StandardCharsets.UTF_8), err.toString(StandardCharsets.UTF_8), exitCode);
    }

    private static String unescaped(String text) {
        return text == null ? "" : text.replace("\\n", "\n");
    }

    // The table takes the spaces off that two empty words are.
    private static String padded(String out, String script) {
        return script.contains("\"\" ''") ? " \n" : unescaped(out);
    }
}
