// The page begins here.

import './shell.js';
