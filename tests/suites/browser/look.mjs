// Looks at the dashboard with a real browser. Prints JSON: what it saw, and everything that went wrong.
//
//   node look.mjs PACKAGES CHROMIUM ADDRESS PICTURES
//
// PACKAGES is a folder with node_modules, ADDRESS is the one that `mcp-gateway dashboard` printed, PICTURES a folder
// for screenshots. Somebody else makes calls all the while.
import { createRequire } from "node:module";
import { join } from "node:path";

const [packages, executablePath, address, pictures] = process.argv.slice(2);
const { chromium } = createRequire(join(packages, "package.json"))("playwright-core");

const PAGES = ["/", "/calls", "/findings", "/tools", "/patterns", "/scans"];
const SIZES = { wide: { width: 1360, height: 900 }, narrow: { width: 390, height: 844 } };
const seen = { faults: [] };

const browser = await chromium.launch({ executablePath, args: ["--no-sandbox"] });
try {
  const context = await browser.newContext({ viewport: SIZES.wide });
  const page = await context.newPage();
  page.setDefaultTimeout(30_000);
  page.on("pageerror", (error) => seen.faults.push(`error: ${error}`));
  page.on("console", (message) => message.type() === "error" && seen.faults.push(`console: ${message.text()}`));
  page.on("dialog", (dialog) => (seen.faults.push(`a script ran: ${dialog.message()}`), dialog.dismiss()));
  page.on("request", (request) => {
    if (new URL(request.url()).origin !== new URL(address).origin) seen.faults.push(`asked ${request.url()}`);
  });

  await page.goto(address);
  await page.waitForURL((url) => url.pathname === "/");
  const home = new URL(page.url()).origin;
  const cookies = await context.cookies();
  seen.cookie = cookies.map(({ httpOnly, sameSite }) => ({ httpOnly, sameSite }));
  seen.scriptSeesCookie = await page.evaluate(() => document.cookie);

  // A chart is followed to the calls of its column.
  await page.locator(".column[href]").last().click();
  await page.waitForURL((url) => url.pathname === "/calls" && url.searchParams.has("from"));
  seen.followed = await page.locator("tbody tr").count();

  // A call arrives live, and is opened.
  await page.goto(`${home}/calls`);
  const newest = Number(await page.locator("tbody tr").first().getAttribute("data-number"));
  await page.waitForFunction((newest) => Number(document.querySelector("tbody tr").dataset.number) > newest, newest);
  seen.live = await page.locator("[data-live-text]").textContent();
  await page.locator("tbody tr.new a").first().click();
  await page.waitForURL((url) => url.pathname === "/call");
  seen.call = await page.locator("main").innerText();

  // What was stored is text: no element of it exists, and no address leads elsewhere.
  const hostile = page.locator("pre", { hasText: "<script>" });
  seen.shownAsText = await hostile.count();
  seen.addresses = await page.$$eval("[href],[src]", (all) => [...new Set(all.map((one) => new URL(one.href?.baseVal ?? one.href ?? one.src, location).protocol))]);
  seen.foreign = await page.locator("main script, main img[onerror], main iframe").count();
  seen.ran = await page.evaluate(() => "ran" in globalThis);

  // Markup made by a script is refused by the page's policy, should one ever try.
  const probe = await context.newPage();
  await probe.goto(`${home}/`);
  seen.makesMarkup = await probe.evaluate(() => {
    try {
      document.querySelector("main").innerHTML = "<b>x</b>";
      return true;
    } catch {
      return false;
    }
  });

  for (const colorScheme of ["light", "dark"]) {
    await page.emulateMedia({ colorScheme, reducedMotion: "reduce" });
    for (const [size, viewport] of Object.entries(SIZES)) {
      await page.setViewportSize(viewport);
      const call = await page.goto(`${home}/calls`).then(() => page.locator("tbody a").first().getAttribute("href"));
      for (const path of [...PAGES, call]) {
        await page.goto(home + path);
        const name = new URL(page.url()).pathname.slice(1) || "overview";
        const overflow = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
        if (overflow > 0) seen.faults.push(`${path} is ${overflow} px too wide (${size})`);
        await page.screenshot({ path: join(pictures, `${name}-${colorScheme}-${size}.png`), fullPage: size === "wide" });
      }
    }
  }

  // Another browser is not let in by the same address.
  const other = await browser.newContext();
  const stranger = await other.newPage();
  seen.again = (await stranger.goto(address)).status();
  seen.stranger = (await stranger.goto(`${home}/`)).status();
} finally {
  await browser.close();
}
console.log(JSON.stringify(seen));
