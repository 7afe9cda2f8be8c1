package dev.spillway.regions.simulated.shell;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Locale;
import java.util.OptionalInt;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The commands that are no shell's own: each with its arguments, where it reads and writes, and the exit code it ends with. */
final class Commands {
    private static final int NOT_FOUND = 127;
    private static final int PIECE = 8 * 1024;
    private static final DateTimeFormatter DATE = DateTimeFormatter.ofPattern(
                    "EEE MMM ppd HH:mm:ss 'UTC' uuuu", Locale.ENGLISH)
            .withZone(ZoneOffset.UTC);
    private static final Pattern DURATION = Pattern.compile("([0-9]{1,9})(?:[.]([0-9]{1,9}))?([smhd]?)");

    private final Surroundings around;

    Commands(Surroundings around) {
        this.around = around;
    }

    /** Runs one. What the shell calls {@code sh} and {@code exit} is not among them. */
    int run(String name, List<String> arguments, Console console)
            throws IOException, StoppedException, InterruptedException {
        return switch (name) {
            case "echo" -> echo(arguments, console);
            case "hostname" -> say(console, around.hostname());
            case "env" -> env(console);
            case "cat" -> cat(arguments, console);
            case "date" -> date(arguments, console);
            case "sleep" -> sleep(arguments, console);
            case "stty" -> stty(arguments, console);
            case "true" -> 0;
            case "false" -> 1;
            default -> complain(console, NOT_FOUND, "sh: %s: not found".formatted(name));
        };
    }

    static int complain(Console console, int exitCode, String message) throws IOException {
        write(console.err(), message + "\n");
        return exitCode;
    }

    static void write(OutputStream out, String text) throws IOException {
        out.write(text.getBytes(StandardCharsets.UTF_8));
        out.flush();
    }

    private static int say(Console console, String line) throws IOException {
        write(console.out(), line + "\n");
        return 0;
    }

    private static int echo(List<String> arguments, Console console) throws IOException {
        boolean noNewline = !arguments.isEmpty() && arguments.getFirst().equals("-n");
        String text = String.join(" ", noNewline ? arguments.subList(1, arguments.size()) : arguments);
        write(console.out(), noNewline ? text : text + "\n");
        return 0;
    }

    private int env(Console console) throws IOException {
        StringBuilder lines = new StringBuilder();
        around.environment()
                .forEach((name, value) ->
                        lines.append(name).append('=').append(value).append('\n'));
        write(console.out(), lines.toString());
        return 0;
    }

    private static int cat(List<String> files, Console console)
            throws IOException, StoppedException, InterruptedException {
        int exitCode = 0;
        for (String file : files.isEmpty() ? List.of("-") : files) {
            if (file.equals("-")) {
                copy(console);
            } else {
                exitCode = complain(console, 1, "cat: can't open '%s': No such file or directory".formatted(file));
            }
        }
        return exitCode;
    }

    private static void copy(Console console) throws IOException, StoppedException, InterruptedException {
        byte[] piece = new byte[PIECE];
        for (int count = console.in().read(piece, 0, PIECE);
                count >= 0;
                count = console.in().read(piece, 0, PIECE)) {
            console.out().write(piece, 0, count);
            console.out().flush();
        }
    }

    private int date(List<String> arguments, Console console) throws IOException {
        return arguments.isEmpty() || arguments.equals(List.of("-u"))
                ? say(console, DATE.format(around.clock().instant()))
                : complain(console, 1, "date: only the plain form is known here");
    }

    private static int sleep(List<String> arguments, Console console)
            throws IOException, StoppedException, InterruptedException {
        if (arguments.size() != 1) {
            return complain(console, 1, "sleep: exactly one duration is needed");
        }
        Matcher duration = DURATION.matcher(arguments.getFirst());
        if (!duration.matches()) {
            return complain(console, 1, "sleep: invalid number '%s'".formatted(arguments.getFirst()));
        }
        String fraction = duration.group(2) == null ? "0" : duration.group(2);
        int unit = switch (duration.group(3)) {
            case "m" -> 60;
            case "h" -> 3600;
            case "d" -> 86_400;
            default -> 1;
        };
        Duration once = Duration.ofSeconds(Long.parseLong(duration.group(1)))
                .plusNanos(Long.parseLong((fraction + "000000000").substring(0, 9)));
        console.in().pause(once.multipliedBy(unit));
        return 0;
    }

    private static int stty(List<String> arguments, Console console) throws IOException {
        if (console.terminal().isEmpty()) {
            return complain(console, 1, "stty: standard input: not a tty");
        }
        if (!arguments.equals(List.of("size"))) {
            return complain(console, 1, "stty: only 'stty size' is known here");
        }
        Console.Size size = console.terminal().get().get();
        return say(console, "%d %d".formatted(size.rows(), size.columns()));
    }

    /** A number as {@code exit} takes it; what is above a byte is cut off. */
    static OptionalInt exitCode(String text) {
        return text.matches("[0-9]{1,9}") ? OptionalInt.of(Integer.parseInt(text) & 0xff) : OptionalInt.empty();
    }
}
