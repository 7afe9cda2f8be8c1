package dev.spillway.app.cli;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.joran.JoranConfigurator;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.classic.util.LogbackMDCAdapter;
import ch.qos.logback.core.OutputStreamAppender;
import ch.qos.logback.core.joran.spi.JoranException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The configuration that ships, in a context of its own. */
final class LogOptionTest {
    private final ByteArrayOutputStream out = new ByteArrayOutputStream();
    private final LoggerContext context = new LoggerContext();
    private final LogbackMDCAdapter mdc = new LogbackMDCAdapter();

    @BeforeEach
    void configure() throws JoranException {
        context.setMDCAdapter(mdc);
        var configurator = new JoranConfigurator();
        configurator.setContext(context);
        configurator.doConfigure(LogOptionTest.class.getResource("/logback.xml"));
        if (context.getLogger(Logger.ROOT_LOGGER_NAME).getAppender("stderr")
                instanceof OutputStreamAppender<ILoggingEvent> appender) {
            appender.setOutputStream(out);
        }
    }

    private List<String> logged() {
        return out.toString(StandardCharsets.UTF_8).lines().toList();
    }

    private void log(String message) {
        mdc.put("cycle", "9ff3f240-8066");
        context.getLogger("dev.spillway.app.Some")
                .atWarn()
                .addKeyValue("region", "near")
                .log(message);
        mdc.remove("cycle");
    }

    @Test
    void asTextALineHasTheKeysAndTheCycle() {
        log("sold out");
        context.getLogger("dev.spillway.app.Some").info("plain");

        assertThat(logged().getFirst())
                .matches("\\d\\d:\\d\\d:\\d\\d\\.\\d{3} WARN  Some: sold out region=\"near\" cycle=9ff3f240-8066");
        assertThat(logged().getLast()).matches(".* INFO  Some: plain *");
    }

    @Test
    void asTextAForeignLineBreakBeginsNoLine() {
        log("sold out\r\n12:00:00.000 ERROR Some: forged");

        assertThat(logged()).hasSize(1);
    }

    @Test
    void asJsonALineIsOneObjectWithAllThatBelongsToIt() throws IOException {
        LogOption.toJson(context);

        log("sold out\n\"forged\"");
        context.getLogger("dev.spillway.app.Some")
                .atError()
                .setCause(new IllegalStateException("planted"))
                .log("it failed");

        assertThat(logged()).hasSize(2);
        JsonNode first = new ObjectMapper().readTree(logged().getFirst());
        assertThat(first.path("timestamp").isIntegralNumber())
                .as("milliseconds since 1970")
                .isTrue();
        assertThat(first.path("level").asText()).isEqualTo("WARN");
        assertThat(first.path("loggerName").asText()).isEqualTo("dev.spillway.app.Some");
        assertThat(first.path("threadName").asText())
                .isEqualTo(Thread.currentThread().getName());
        assertThat(first.path("formattedMessage").asText()).isEqualTo("sold out\n\"forged\"");
        assertThat(first.path("mdc").path("cycle").asText()).isEqualTo("9ff3f240-8066");
        assertThat(first.path("kvpList").path(0).path("region").asText()).isEqualTo("near");
        JsonNode second = new ObjectMapper().readTree(logged().getLast());
        assertThat(second.path("throwable").path("message").asText()).isEqualTo("planted");
    }

    @Test
    void detailIsOffUnlessAskedFor() {
        assertThat(context.getLogger("dev.spillway").getLevel()).isEqualTo(Level.INFO);
    }
}
