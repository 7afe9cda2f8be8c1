package dev.spillway.app.cli;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.encoder.JsonEncoder;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.OutputStreamAppender;
import java.util.Locale;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import picocli.CommandLine.Option;

/** The options that say how much is logged, and in which form. */
public final class LogOption {
    private static final String OURS = "dev.spillway";

    @Option(
            names = "--log-format",
            paramLabel = "text|json",
            description = "Logs as text for people, or as one JSON object on a line. Default: ${DEFAULT-VALUE}.",
            defaultValue = "text")
    private String format = "";

    @Option(
            names = "--log-level",
            paramLabel = "info|debug",
            description = "debug: a line for each decision and each answered call, too. Default: ${DEFAULT-VALUE}.",
            defaultValue = "info")
    private String level = "";

    private enum Format {
        TEXT,
        JSON
    }

    private enum Detail {
        INFO,
        DEBUG
    }

    /** Has the process log as was asked for. */
    void apply() {
        var form = parse(Format.class, "--log-format", format, "text or json");
        var detail = parse(Detail.class, "--log-level", level, "info or debug");
        var context = (LoggerContext) LoggerFactory.getILoggerFactory();
        switch (form) {
            case TEXT -> {} // as logback.xml has it
            case JSON -> toJson(context);
        }
        switch (detail) {
            case INFO -> {} // likewise
            case DEBUG -> context.getLogger(OURS).setLevel(Level.DEBUG);
        }
    }

    /** From now on whatever a context writes is one JSON object on a line for each event. */
    static void toJson(LoggerContext context) {
        var appenders = context.getLogger(Logger.ROOT_LOGGER_NAME).iteratorForAppenders();
        while (appenders.hasNext()) {
            if (appenders.next() instanceof OutputStreamAppender<ILoggingEvent> appender) {
                var encoder = json();
                encoder.setContext(context);
                encoder.start();
                appender.setEncoder(encoder);
            }
        }
    }

    private static JsonEncoder json() {
        var encoder = new JsonEncoder();
        encoder.setWithSequenceNumber(false);
        encoder.setWithNanoseconds(false);
        encoder.setWithContext(false);
        encoder.setWithArguments(false);
        encoder.setWithMessage(false);
        encoder.setWithFormattedMessage(true);
        return encoder;
    }

    private static <E extends Enum<E>> E parse(Class<E> type, String option, String text, String allowed) {
        try {
            return Enum.valueOf(type, text.toUpperCase(Locale.ROOT));
        } catch (IllegalArgumentException e) {
            throw new CommandException("%s %s must be %s.".formatted(option, text, allowed), e);
        }
    }
}
