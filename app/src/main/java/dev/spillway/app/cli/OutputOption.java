package dev.spillway.app.cli;

import picocli.CommandLine.Option;

/** The option that says for whom to print. */
public final class OutputOption {
    @Option(
            names = {"-o", "--output"},
            paramLabel = "table|json",
            description = "For people or for programs. Default: table.")
    private Format format = Format.table;

    /** How to print; spelt as on the command line. */
    public enum Format {
        /** For people. */
        table,
        /** For programs. */
        json
    }

    /** What was asked for. */
    public Format format() {
        return format;
    }
}
