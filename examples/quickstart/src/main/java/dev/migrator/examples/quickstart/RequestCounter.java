package dev.migrator.examples.quickstart;

import io.fabric8.kubernetes.client.http.BasicBuilder;
import io.fabric8.kubernetes.client.http.HttpRequest;
import io.fabric8.kubernetes.client.http.Interceptor;
import java.util.Locale;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/** Counts the requests that one client sends, by what they do; safe for several threads. */
final class RequestCounter implements Interceptor {

  static final String NAME = "migrator-request-counter";

  private final AtomicInteger reads = new AtomicInteger();
  private final AtomicInteger writes = new AtomicInteger();
  private final AtomicInteger checks = new AtomicInteger();
  private final AtomicInteger watches = new AtomicInteger();

  @Override
  public void before(BasicBuilder builder, HttpRequest request, RequestTags tags) {
    String query = request.uri().getRawQuery();
    String path = request.uri().getPath();
    if (query != null && query.contains("watch=true")) {
      watches.incrementAndGet();
    } else if (request.method().toUpperCase(Locale.ROOT).equals("GET")) {
      reads.incrementAndGet();
    } else if (path.endsWith("accessreviews") || isDryRun(query)) {
      checks.incrementAndGet();
    } else {
      writes.incrementAndGet();
    }
  }

  private static boolean isDryRun(@Nullable String query) {
    return query != null && query.contains("dryRun=All");
  }

  Requests requests() {
    return new Requests(reads.get(), writes.get(), checks.get(), watches.get());
  }
}
