package dev.spillway.trials.canary;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.classic.spi.IThrowableProxy;
import ch.qos.logback.core.Appender;
import ch.qos.logback.core.AppenderBase;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.slf4j.LoggerFactory;

/** Everything that is logged in this process, at the finest level, until it is closed. */
final class LogCapture implements AutoCloseable {
    /** Of the servers that play the two clusters, which see everything; what they log is no controller's. */
    private static final List<String> PLAYED = List.of("com.sun.net.httpserver", "io.helidon", "dev.spillway.embedded");

    private final Logger root = (Logger) LoggerFactory.getLogger(org.slf4j.Logger.ROOT_LOGGER_NAME);
    private final Map<Logger, Level> levels = new HashMap<>(); // of loggers that have one of their own
    private final List<Appender<ILoggingEvent>> others = new ArrayList<>();
    private final AppenderBase<ILoggingEvent> appender;

    LogCapture(Evidence evidence) {
        appender = new AppenderBase<>() {
            @Override
            protected void append(ILoggingEvent event) {
                if (PLAYED.stream().noneMatch(event.getLoggerName()::startsWith)) {
                    evidence.add(Evidence.Channel.LOG, line(event));
                }
            }
        };
        appender.setContext(root.getLoggerContext());
        appender.start();
        root.iteratorForAppenders().forEachRemaining(others::add);
        others.forEach(root::detachAppender); // the console is not to be flooded
        root.addAppender(appender);
        for (var logger : root.getLoggerContext().getLoggerList()) {
            if (logger.getLevel() != null) {
                levels.put(logger, logger.getLevel());
                logger.setLevel(logger == root ? Level.TRACE : null); // as the root has it
            }
        }
    }

    private static String line(ILoggingEvent event) {
        var pairs = event.getKeyValuePairs() == null
                ? ""
                : event.getKeyValuePairs().stream()
                        .map(pair -> pair.key + "=" + pair.value)
                        .collect(Collectors.joining(" "));
        var line = new StringBuilder()
                .append(event.getLevel())
                .append(' ')
                .append(event.getLoggerName())
                .append(' ')
                .append(event.getFormattedMessage())
                .append(' ')
                .append(pairs);
        append(line, event.getThrowableProxy());
        return line.toString();
    }

    private static void append(StringBuilder line, @Nullable IThrowableProxy thrown) {
        for (var one = thrown; one != null; one = one.getCause()) {
            line.append('\n').append(one.getClassName()).append(": ").append(one.getMessage());
            for (var suppressed : one.getSuppressed()) {
                append(line, suppressed);
            }
        }
    }

    @Override
    public void close() {
        root.detachAppender(appender);
        others.forEach(root::addAppender);
        levels.forEach(Logger::setLevel);
    }
}
