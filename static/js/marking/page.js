// The marking page, piece by piece. Everything on it works without; with it, hands may stay on the
// keyboard, nothing typed is lost, and a phone shows one part at a time.
import "./five.js";
import "./saving.js";
import "./keeping.js";
import "./remember.js";
import "./tabs.js";
import "./claims.js";
import "./keys.js";
import "./sheet.js";
import "./ahead.js";
