package dev.spillway.bench.region;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * The options of a command line, each a whole number.
 *
 * @param values by the option's name, one for each option there is
 */
record Arguments(Map<String, Integer> values) {
    Arguments {
        values = Map.copyOf(values);
    }

    /**
     * One option.
     *
     * @param name such as {@code pods}, given as {@code --pods N}
     * @param usual where it is not given
     * @param quick where it is not given, but {@code --quick} is
     * @param most the largest that may be given; the smallest is 1
     * @param meaning for the help
     */
    record Option(String name, int usual, int quick, int most, String meaning) {}

    /** A bad command line is an {@link IllegalArgumentException} with a line for the user. */
    static Arguments parse(List<Option> options, List<String> arguments) {
        boolean quick = arguments.contains("--quick");
        var values = new HashMap<String, Integer>();
        for (var option : options) {
            values.put(option.name(), quick ? option.quick() : option.usual());
        }
        var rest = arguments.iterator();
        while (rest.hasNext()) {
            var given = rest.next();
            if (given.equals("--quick")) {
                continue;
            }
            var option = options.stream()
                    .filter(known -> given.equals("--" + known.name()))
                    .findFirst()
                    .orElseThrow(() ->
                            new IllegalArgumentException("Unknown option %s; --help lists them.".formatted(given)));
            values.put(option.name(), number(option, rest.hasNext() ? rest.next() : ""));
        }
        return new Arguments(values);
    }

    /** What {@code --help} prints. */
    static String help(String benchmark, String does, List<Option> options) {
        return "%s%n%nUsage: %s [--quick] [--OPTION N]...%n%n%s%n  --quick       a small size%n"
                .formatted(
                        does,
                        benchmark,
                        options.stream()
                                .map(option -> "  --%-11s %s; %d, with --quick %d"
                                        .formatted(option.name(), option.meaning(), option.usual(), option.quick()))
                                .collect(Collectors.joining(System.lineSeparator())));
    }

    /** The value of an option that there is. */
    int of(String name) {
        var value = values.get(name);
        if (value == null) {
            throw new IllegalArgumentException("There is no option --%s.".formatted(name));
        }
        return value;
    }

    private static int number(Option option, String text) {
        try {
            int number = Integer.parseInt(text);
            if (number >= 1 && number <= option.most()) {
                return number;
            }
        } catch (NumberFormatException e) {
            // said below
        }
        throw new IllegalArgumentException(
                "--%s needs a number from 1 to %d, not '%s'.".formatted(option.name(), option.most(), text));
    }
}
