package dev.spillway.regions.simulated.shell;

import java.io.IOException;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * Runs commands: {@code echo}, {@code hostname}, {@code env}, {@code cat} of its input, {@code date}, {@code sleep}, {@code stty size}, {@code true},
 * {@code false}, {@code exit}, and {@code sh}, which takes a script with {@code -c} or from its input, line by line. A script may use {@code ;}, {@code
 * &&}, {@code ||}, quotes, variables and {@code >&2}. Everything else is not found. One thread.
 */
public final class Shell {
    private static final int MISUSED = 2;
    private static final int MOST_NESTED = 16;
    private static final String PROMPT = "# ";

    private final Surroundings around;
    private final Commands commands;
    private final int nested;
    private int status;
    private boolean exited;

    /** A shell that has run nothing yet. */
    public Shell(Surroundings around) {
        this(around, 0);
    }

    private Shell(Surroundings around, int nested) {
        this.around = around;
        this.commands = new Commands(around);
        this.nested = nested;
    }

    /**
     * Runs a command as it stands, without taking its words apart; the exit code, 130 where the terminal interrupted it and 137 where its input was
     * {@linkplain CommandInput#kill killed}.
     *
     * @throws IOException where nobody takes what it writes
     */
    public int run(List<String> command, Console console) throws IOException, InterruptedException {
        try {
            return start(command, console);
        } catch (StoppedException stopped) {
            return stopped.exitCode();
        }
    }

    private int start(List<String> command, Console console)
            throws IOException, StoppedException, InterruptedException {
        String name = command.getFirst().replaceFirst("^(/usr)?/bin/", "");
        List<String> arguments = command.subList(1, command.size());
        return switch (name) {
            case "exit" -> exit(arguments, console);
            case "sh" -> sh(arguments, console);
            default -> commands.run(name, arguments, console);
        };
    }

    private int exit(List<String> arguments, Console console) throws IOException {
        OptionalInt code = arguments.isEmpty() ? OptionalInt.of(status) : Commands.exitCode(arguments.getFirst());
        exited = true;
        return code.isPresent()
                ? code.getAsInt()
                : Commands.complain(console, MISUSED, "exit: Illegal number: " + arguments.getFirst());
    }

    private int sh(List<String> arguments, Console console) throws IOException, StoppedException, InterruptedException {
        if (nested == MOST_NESTED) {
            return Commands.complain(console, MISUSED, "sh: too many shells in one another");
        }
        Shell inner = new Shell(around, nested + 1);
        if (arguments.isEmpty() || arguments.equals(List.of("-i"))) {
            return inner.lines(console);
        }
        if (!arguments.getFirst().equals("-c")) {
            return Commands.complain(console, MISUSED, "sh: only -c and -i are known here");
        }
        if (arguments.size() == 1) {
            return Commands.complain(console, MISUSED, "sh: -c requires an argument");
        }
        inner.script(arguments.get(1), console);
        return inner.status;
    }

    /** Line by line, with a prompt where it is a terminal. An interrupt there ends a line or a command, and not the shell. */
    private int lines(Console console) throws IOException, StoppedException, InterruptedException {
        LineReader reader = new LineReader(console.in());
        while (!exited) {
            try {
                if (console.terminal().isPresent()) {
                    Commands.write(console.out(), PROMPT);
                }
                Optional<String> line = reader.next();
                if (line.isEmpty()) {
                    return status;
                }
                script(line.get(), console);
            } catch (SyntaxException tooLong) {
                return Commands.complain(console, MISUSED, "sh: " + tooLong.message());
            } catch (StoppedException stopped) {
                if (stopped.exitCode() != StoppedException.INTERRUPTED
                        || console.terminal().isEmpty()) {
                    throw stopped;
                }
                status = stopped.exitCode();
                console.in().clearInterrupt();
            }
        }
        return status;
    }

    private void script(String text, Console console) throws IOException, StoppedException, InterruptedException {
        try {
            for (Script.Step step : Script.parse(text).steps()) {
                boolean runs = switch (step.when()) {
                    case ALWAYS -> true;
                    case AFTER_SUCCESS -> status == 0;
                    case AFTER_FAILURE -> status != 0;
                };
                if (runs && !exited) {
                    step(step.text(), console);
                }
            }
        } catch (SyntaxException unknown) {
            status = Commands.complain(console, MISUSED, "sh: " + unknown.message());
        }
    }

    private void step(String text, Console console)
            throws IOException, StoppedException, InterruptedException, SyntaxException {
        Words.Command command = Words.parse(text, this::variable);
        if (!command.words().isEmpty()) {
            status = start(command.words(), command.toErr() ? console.outToErr() : console);
        }
    }

    private String variable(String name) {
        return name.equals("?") ? String.valueOf(status) : around.environment().getOrDefault(name, "");
    }
}
