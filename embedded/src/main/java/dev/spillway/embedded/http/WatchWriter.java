package dev.spillway.embedded.http;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.spillway.embedded.store.WatchEvent;
import dev.spillway.embedded.table.Tables;
import io.helidon.http.HeaderNames;
import io.helidon.webserver.http.ServerResponse;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.time.InstantSource;
import org.jspecify.annotations.Nullable;

/** Writes the events of a watch as they come, one JSON object a line, until the watch or its connection ends. Thread-safe. */
final class WatchWriter {

    private static final int BUFFER_BYTES = 16 << 10;
    private static final byte[] END = "}\n".getBytes(StandardCharsets.UTF_8);

    private final SharedBytes texts;
    private final InstantSource clock;

    WatchWriter(SharedBytes texts, InstantSource clock) {
        this.texts = texts;
        this.clock = clock;
    }

    /** Writes; with objects as tables where tables are given. */
    void write(WatchFeed feed, @Nullable Tables tables, Tables.Include include, ServerResponse response) {
        response.header(HeaderNames.CONTENT_TYPE, MediaTypes.JSON)
                .header(HeaderNames.CACHE_CONTROL, "no-cache, private");
        Tables.Head head = Tables.Head.WITH_COLUMNS;
        try (OutputStream stream = new BufferedOutputStream(response.outputStream(), BUFFER_BYTES)) {
            // The client waits for the headers, which the web server sends with the first byte only; a blank before the
            // first
            // line is one for those who read lines and for those who read JSON.
            stream.write(' ');
            stream.flush();
            boolean last = false;
            while (!last) {
                WatchFeed.Batch batch = feed.take();
                for (WatchEvent event : batch.events()) {
                    write(stream, event, object(event, tables, include, head));
                    head = Tables.Head.ROWS_ONLY;
                }
                stream.flush();
                last = batch.last();
            }
        } catch (InterruptedException ending) {
            Thread.currentThread().interrupt();
        } catch (IOException gone) {
            // The client has what it wanted. Nothing is lost with the connection but the watch.
        } finally {
            feed.abandon();
        }
    }

    private byte[] object(WatchEvent event, @Nullable Tables tables, Tables.Include include, Tables.Head head) {
        ObjectNode object = event.object();
        return tables == null || event.type() == WatchEvent.Type.ERROR
                ? texts.of(object)
                : SharedBytes.write(tables.table(object, include, head, clock.instant()));
    }

    private static void write(OutputStream stream, WatchEvent event, byte[] object) throws IOException {
        stream.write(("{\"type\":\"" + event.type() + "\",\"object\":").getBytes(StandardCharsets.UTF_8));
        stream.write(object);
        stream.write(END);
    }
}
