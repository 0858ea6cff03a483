package dev.migrator.kubevirt;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.lang.reflect.Field;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;
import org.slf4j.LoggerFactory;
import org.slf4j.spi.LocationAwareLogger;

/**
 * Everything that this library's loggers say, down to the last detail, while it is open;
 * slf4j-simple fixes a logger's level when it is made, so the level of those that exist is lifted
 * by hand.
 */
final class LogCapture implements AutoCloseable {

  private static final String LEVEL = "org.slf4j.simpleLogger.log.dev.migrator";

  private final PrintStream before = System.err;
  private final ByteArrayOutputStream said = new ByteArrayOutputStream();
  private final Map<Object, Object> levels = new HashMap<>();

  LogCapture() {
    System.setProperty(LEVEL, "trace");
    System.setErr(new PrintStream(said, true, StandardCharsets.UTF_8));
    loggers()
        .forEach(
            (name, logger) -> {
              if (name.startsWith("dev.migrator")) {
                levels.put(logger, level(logger, LocationAwareLogger.TRACE_INT));
              }
            });
  }

  String text() {
    return said.toString(StandardCharsets.UTF_8);
  }

  @Override
  public void close() {
    System.setErr(before);
    System.clearProperty(LEVEL);
    levels.forEach(LogCapture::level);
  }

  private static Map<String, ?> loggers() {
    try {
      Object factory = LoggerFactory.getILoggerFactory();
      Field map = factory.getClass().getDeclaredField("loggerMap");
      map.setAccessible(true);
      Map<String, Object> all = new HashMap<>();
      ((Map<?, ?>) map.get(factory)).forEach((name, logger) -> all.put((String) name, logger));
      return all;
    } catch (ReflectiveOperationException e) {
      throw new AssertionError("slf4j-simple is not what it was", e);
    }
  }

  private static Object level(Object logger, Object chosen) {
    try {
      Field level = logger.getClass().getDeclaredField("currentLogLevel");
      level.setAccessible(true);
      Object old = level.get(logger);
      level.set(logger, chosen);
      return old;
    } catch (ReflectiveOperationException e) {
      throw new AssertionError("slf4j-simple is not what it was", e);
    }
  }
}
